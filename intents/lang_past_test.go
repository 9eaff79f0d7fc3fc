package intents_test

import (
	"slices"
	"testing"

	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
)

// An accent is all that tells many a report from an order, and accents are folded away elsewhere.
func TestAReportOfThePastIsNoOrderInAnyLanguage(t *testing.T) {
	for _, text := range []string{
		"mandé 5 ETH a bob", "cambié 3 ETH por USDC", "pagué 40 USDC a bob", "compré 2 ETH con USDC", "envié 7 USDC a bob", "retiré 4 ETH de aave", "deposité 4 ETH en aave", "vendí 3 ETH", "vendí 3 ETH por USDC", "transferí 6 USDC a bob",
		"j'ai échangé 3 ETH contre USDC", "envoyé 5 ETH à bob", "acheté 2 ETH avec USDC", "vendu 3 ETH contre USDC", "j'ai echange 3 ETH contre USDC", "on a bridgé 3 ETH vers base",
		"vendi 3 eth por usdc", "comprei 3 ETH com USDC", "troquei 3 ETH por USDC", "mandou 3 ETH pra bob", "vendi 3 eth", "paguei 40 USDC pro bob",
		"ho scambiato 3 ETH con USDC", "venduto 3 ETH per USDC", "comprai 3 ETH", "inviato 3 ETH a mamma",
		"ich habe 3 ETH verkauft", "3 ETH gegen USDC getauscht", "habe bob 3 ETH geschickt", "ich kaufte 3 ETH",
		"я продал 3 ETH", "купила 3 ETH за USDC", "мы отправили 3 ETH бобу", "обменял 3 ETH на USDC",
		"3 ETH sattım", "bob'a 3 ETH gönderdim", "3 ETH satın aldım", "3 ETH'yi USDC'ye çevirdim",
		"saya sudah kirim 3 ETH ke bob", "tadi beli 3 ETH", "sudah jual 3 ETH",
		"我卖了3个ETH", "已经把3个ETH换成USDC了", "昨天买了3个ETH",
		"3 ETHを売った", "3 ETHをボブに送りました", "3 ETHをボブに送金しました。", "3 ETHをUSDCに交換したよ",
		"3 ETH 팔았어", "ETH를 USDC로 바꿨다", "밥에게 3 ETH 보냈습니다", "3 ETH 교환했어요",
		"मैंने 3 ETH बेचा", "बॉब को 3 ETH भेज दिया", "3 ETH खरीदे", "3 ETH स्वैप किया",
	} {
		t.Run(text, func(t *testing.T) {
			r := intents.Read(text, intents.DefaultLexicon())
			q, err := intents.Check(r, one(intents.Step{Action: intents.Swap, TokenIn: "T1"}))
			if !refusal.Is(err, refusal.NotAnOrder) {
				t.Fatalf("Check = %+v, %v; want %s\n%s %+v", q, err, refusal.NotAnOrder, r.Language(), r.Senses())
			}
		})
	}
}

func TestAPlannerSeesTheParticipleOfAReport(t *testing.T) {
	for text, want := range map[string]string{
		"vendí 3 ETH por USDC": "sold", "envié 5 ETH a bob": "sent", "échangé 3 ETH contre USDC": "swapped", "vendi 3 ETH por USDC": "sold", "ich habe 3 ETH verkauft": "sold",
		"купил 3 ETH": "bought", "3 ETH gönderdim": "sent", "saya sudah kirim 3 ETH": "sent", "3 ETH बेचा": "sold", "ho venduto 3 ETH": "sold",
	} {
		r := intents.Read(text, intents.DefaultLexicon())
		if !slices.ContainsFunc(r.Senses(), func(p intents.Piece) bool { return p.Word == want }) {
			t.Errorf("%q (%s): %+v, want %s", text, r.Language(), r.Senses(), want)
		}
	}
}

func TestAnOrderNearAPastFormIsStillAnOrder(t *testing.T) {
	for _, text := range []string{
		"envíe 5 ETH a bob", "envie 5 ETH a bob", "cambie 3 ETH a USDC", "échange 3 ETH contre USDC", "echange 3 ETH contre USDC", "vendi il mio ETH per USDC", "venda 3 ETH por USDC", "verkaufe 3 ETH",
		"envoie 3 ETH achetés à bob", "продай 3 ETH", "3 ETH sat", "satın al 3 ETH", "jual 3 ETH", "把3个ETH换成USDC", "ETHを売りたい", "1 ETHをUSDCに交換したい", "ETH가 2000 아래로 떨어지면 팔아줘", "3 ETH बेचो", "3 ETH बेच दो",
	} {
		r := intents.Read(text, intents.DefaultLexicon())
		if _, err := intents.Check(r, one(intents.Step{Action: intents.Swap, TokenIn: "T1"})); refusal.Is(err, refusal.NotAnOrder) {
			t.Errorf("%q (%s): %v", text, r.Language(), err)
		}
	}
}
