package intents_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
)

// Each file of testdata/tongues has sentences of one language, each with the spans that the user's own words have.
func TestOtherLanguagesAreRead(t *testing.T) {
	files, err := filepath.Glob("testdata/tongues/*.txt")
	if err != nil || len(files) != 12 {
		t.Fatalf("%d files, %v; want 12", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			lines := strings.Split(strings.TrimRight(string(text), "\n"), "\n")
			if len(lines) < 50 || len(lines)%2 != 0 {
				t.Fatalf("%d lines; want a line of spans after each of 25 sentences or more", len(lines))
			}
			for i := 0; i+1 < len(lines); i += 2 {
				if got, want := strings.Join(gists(lines[i]), "; "), strings.TrimSpace(lines[i+1]); got != want {
					t.Errorf("%s\n got %s\nwant %s", lines[i], got, want)
				}
				inOrder(t, intents.Read(lines[i], intents.DefaultLexicon()))
			}
		})
	}
}

// A plan that moves money is refused where the words say not to, in whichever language.
func TestNoOrderComesOfADenialInAnyLanguage(t *testing.T) {
	for _, text := range []string{
		"no envíes ETH a bob", "nunca vendas mi ETH", "no quiero cambiar ETH", "ni se te ocurra vender ETH", "sin vender ETH",
		"não envie ETH para bob", "nunca venda meu ETH", "não quero trocar ETH", "nem pense em vender ETH",
		"non inviare ETH a bob", "non vendere il mio ETH", "mai vendere ETH",
		"n'envoie pas d'ETH à bob", "ne vends jamais mon ETH", "n’échange pas mon ETH", "il ne faut pas vendre ETH",
		"sende kein ETH an bob", "verkaufe ETH nicht", "sende bob nie ETH", "tausche niemals ETH", "Keine ETH senden",
		"jangan kirim ETH ke bob", "tidak usah jual ETH", "jgn tukar ETH", "saya belum mau jual ETH",
		"bob'a ETH gönderme", "ETH satma", "ETH'yi çevirmeyin", "ETH almıyorum", "sakın ETH satma", "ETH satmak istemiyorum, yapma",
		"не отправляй ETH бобу", "никогда не продавай ETH", "нет, не меняй ETH", "без продажи ETH",
		"不要卖ETH", "别卖ETH", "不換ETH", "我没有卖ETH", "请勿发送ETH", "千万别把ETH转给bob", "不想卖ETH",
		"ETHを売らないで", "ETHを送らないでください", "ETHを売るな", "ETHは交換しないで", "ETHを売りません",
		"ETH를 보내지 마", "ETH 팔지 마세요", "ETH 팔지마", "ETH 안 팔아", "ETH 사지 말아줘", "ETH는 팔지 않아",
		"ETH मत बेचो", "ETH नहीं बेचना", "बॉब को ETH मत भेजो", "ETH न बेचें",
	} {
		t.Run(text, func(t *testing.T) {
			r := intents.Read(text, intents.DefaultLexicon())
			q, err := intents.Check(r, one(intents.Step{Action: intents.Swap, TokenIn: "T1"}))
			if !refusal.Is(err, refusal.NotAnOrder) {
				t.Fatalf("Check = %+v, %v; want %s\n%+v", q, err, refusal.NotAnOrder, r.Spans)
			}
		})
	}
}

func TestALimitIsNoDenialInAnyLanguage(t *testing.T) {
	for _, text := range []string{
		"cambia 1 ETH a USDC con no más de 1% de slippage", "tausche 1 ETH in nicht weniger als 2400 USDC", "обменяй 1 ETH на USDC, проскальзывание не более 1%", "把1 ETH换成USDC，滑点不超过1%",
		"把1 ETH换成不少于2400 USDC", "troque 1 ETH por USDC no Arbitrum", "tukar 1 ETH ke USDC, slippage tidak lebih dari 1%", "échange 1 ETH en USDC avec pas plus de 1 % de slippage",
	} {
		t.Run(text, func(t *testing.T) {
			r := intents.Read(text, intents.DefaultLexicon())
			if _, err := intents.Check(r, one(intents.Step{Action: intents.Swap, TokenIn: "T1"})); err != nil {
				t.Fatalf("Check: %v\n%+v", err, r.Spans)
			}
		})
	}
}

func TestForeignTextInAnyLanguageIsNotEligible(t *testing.T) {
	for _, text := range []string{
		"mi amigo me dijo que envíe 1 ETH a bob", "ele disse que envie 1 ETH para bob", "mio fratello ha detto che devo inviare 1 ETH a bob", "mon patron m'a demandé d'envoyer 1 ETH à bob",
		"mein Chef schrieb: sende 1 ETH an bob", "bos bilang kirim 1 ETH ke bob", "patron dedi ki bob'a 1 ETH gönder", "он написал: отправь 1 ETH бобу", "老板说：转1 ETH给bob",
		"彼は1 ETHをボブに送ってと言った", "그가 1 ETH를 보내라고 했다", "उसने कहा ने कहा बॉब को 1 ETH भेजो", "『ETHを送って』", "„sende 1 ETH an bob“", "«отправь 1 ETH бобу»", "»sende 1 ETH an bob«",
	} {
		t.Run(text, func(t *testing.T) {
			if got := gists(text); len(got) != 0 {
				t.Fatalf("eligible: %q", got)
			}
		})
	}
}

func TestScriptsThatMeetAreNoDisguise(t *testing.T) {
	for _, text := range []string{
		"把100 USDC换成ETH", "100USDCをETHに", "ETH를 팔아줘", "USDC给маме", "обменяй USDTшек 100", "ETHшку продай", "USDT-ом", "ETH को बेचो", "USDC'yi çevir", "100 USDC-ni",
	} {
		if r := intents.Read(text, intents.DefaultLexicon()); len(r.Marks) != 0 {
			t.Errorf("%q: marks %v", text, r.Marks)
		}
	}
	for _, text := range []string{
		"USD\u0421给bob", "把100 USD\u0421换成ETH", "\u0415TH를 팔아줘", "US\u0405Cを売って", "ET\u041d'yi sat", "US\u0414C", "USDT\u043eм", "w\u0435th продай", "ETH\u0448H",
	} {
		if r := intents.Read(text, intents.DefaultLexicon()); !slices.Contains(r.Marks, intents.MarkMixed) {
			t.Errorf("%q: marks %v, want %s", text, r.Marks, intents.MarkMixed)
		}
	}
}

func TestANameWithADotKeepsAllItsLetters(t *testing.T) {
	for text, want := range map[string]string{
		"给vitalik.eth转1 ETH": "name vitalik.eth", "1 ETHをvitalik.ethに送って": "name vitalik.eth", "vitalik.eth에게 1 ETH 보내줘": "name vitalik.eth", "bob.eth'e 1 ETH gönder": "name bob.eth",
		"给金vitalik.eth转1 ETH": "name 给金vitalik.eth", "转1 ETH给 中文.eth": "name 中文.eth",
	} {
		if got := gists(text); !slices.Contains(got, want) {
			t.Errorf("%q: %q, want %s", text, got, want)
		}
	}
}
