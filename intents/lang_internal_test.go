package intents

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// Sayers say a number as the language writes it. They are made apart from the tables: a number word that the tables lack, or
// that is put together otherwise, shows here.

func under(n int, names string) string { return strings.Fields(names)[n] }

func saySpanish(n int) string {
	switch {
	case n < 30:
		return under(n, `cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve veinte
			veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve`)
	case n < 100:
		return andRest(under(n/10-3, `treinta cuarenta cincuenta sesenta setenta ochenta noventa`), " y ", n%10, saySpanish)
	case n == 100:
		return "cien"
	case n < 1000:
		return andRest(under(n/100-1, `ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos`), " ", n%100, saySpanish)
	case n < 2000:
		return andRest("mil", " ", n%1000, saySpanish)
	}
	return andRest(saySpanish(n/1000)+" mil", " ", n%1000, saySpanish)
}

func andRest(head, gap string, rest int, say func(int) string) string {
	if rest == 0 {
		return head
	}
	return head + gap + say(rest)
}

func sayPortuguese(n int) string {
	switch {
	case n < 20:
		return under(n, `zero um dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze dezesseis dezessete dezoito dezenove`)
	case n < 100:
		return andRest(under(n/10-2, `vinte trinta quarenta cinquenta sessenta setenta oitenta noventa`), " e ", n%10, sayPortuguese)
	case n == 100:
		return "cem"
	case n < 1000:
		return andRest(under(n/100-1, `cento duzentos trezentos quatrocentos quinhentos seiscentos setecentos oitocentos novecentos`), " e ", n%100, sayPortuguese)
	case n < 2000:
		return andRest("mil", " e ", n%1000, sayPortuguese)
	}
	return andRest(sayPortuguese(n/1000)+" mil", " e ", n%1000, sayPortuguese)
}

func sayItalian(n int) string {
	switch {
	case n < 20:
		return under(n, `zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove`)
	case n < 100:
		ten := under(n/10-2, `venti trenta quaranta cinquanta sessanta settanta ottanta novanta`)
		if n%10 == 1 || n%10 == 8 {
			ten = ten[:len(ten)-1]
		}
		if n%10 == 3 {
			return ten + "tré"
		}
		return andRest(ten, "", n%10, sayItalian)
	case n < 200:
		return andRest("cento", "", n%100, sayItalian)
	case n < 1000:
		return andRest(sayItalian(n/100)+"cento", "", n%100, sayItalian)
	case n < 2000:
		return andRest("mille", "", n%1000, sayItalian)
	}
	return andRest(sayItalian(n/1000)+"mila", "", n%1000, sayItalian)
}

func sayFrench(n int) string {
	switch {
	case n < 17:
		return under(n, `zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize`)
	case n < 20:
		return "dix-" + sayFrench(n-10)
	case n < 60 || n < 70:
		ten := under(n/10-2, `vingt trente quarante cinquante soixante`)
		if n%10 == 1 {
			return ten + " et un"
		}
		return andRest(ten, "-", n%10, sayFrench)
	case n == 71:
		return "soixante et onze"
	case n < 80:
		return "soixante-" + sayFrench(n-60)
	case n == 80:
		return "quatre-vingts"
	case n < 100:
		return "quatre-vingt-" + sayFrench(n-80)
	case n < 200:
		return andRest("cent", " ", n%100, sayFrench)
	case n < 1000 && n%100 == 0:
		return sayFrench(n/100) + " cents"
	case n < 1000:
		return sayFrench(n/100) + " cent " + sayFrench(n%100)
	case n < 2000:
		return andRest("mille", " ", n%1000, sayFrench)
	}
	return andRest(sayFrench(n/1000)+" mille", " ", n%1000, sayFrench)
}

func sayGerman(n int) string {
	switch {
	case n < 20:
		return under(n, `null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn`)
	case n < 100:
		ten := under(n/10-2, `zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig`)
		switch n % 10 {
		case 0:
			return ten
		case 1:
			return "einund" + ten
		}
		return sayGerman(n%10) + "und" + ten
	case n < 1000:
		return andRest(strings.TrimSuffix(sayGerman(n/100), "s")+s6(n/100)+"hundert", "", n%100, sayGerman)
	}
	return andRest(strings.TrimSuffix(sayGerman(n/1000), "s")+s6(n/1000)+"tausend", "", n%1000, sayGerman)
}

// s6 gives back the s of sechs, which einshundert has to lose.
func s6(n int) string {
	if strings.HasSuffix(sayGerman(n), "eins") || !strings.HasSuffix(sayGerman(n), "s") {
		return ""
	}
	return "s"
}

func sayIndonesian(n int) string {
	switch {
	case n < 12:
		return under(n, `nol satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas`)
	case n < 20:
		return sayIndonesian(n-10) + " belas"
	case n < 100:
		return andRest(sayIndonesian(n/10)+" puluh", " ", n%10, sayIndonesian)
	case n < 200:
		return andRest("seratus", " ", n%100, sayIndonesian)
	case n < 1000:
		return andRest(sayIndonesian(n/100)+" ratus", " ", n%100, sayIndonesian)
	case n < 2000:
		return andRest("seribu", " ", n%1000, sayIndonesian)
	}
	return andRest(sayIndonesian(n/1000)+" ribu", " ", n%1000, sayIndonesian)
}

func sayTurkish(n int) string {
	switch {
	case n < 10:
		return under(n, `sıfır bir iki üç dört beş altı yedi sekiz dokuz`)
	case n < 100:
		return andRest(under(n/10-1, `on yirmi otuz kırk elli altmış yetmiş seksen doksan`), " ", n%10, sayTurkish)
	case n < 200:
		return andRest("yüz", " ", n%100, sayTurkish)
	case n < 1000:
		return andRest(sayTurkish(n/100)+" yüz", " ", n%100, sayTurkish)
	case n < 2000:
		return andRest("bin", " ", n%1000, sayTurkish)
	}
	return andRest(sayTurkish(n/1000)+" bin", " ", n%1000, sayTurkish)
}

func sayRussian(n int) string {
	switch {
	case n < 20:
		return under(n, `ноль один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать`)
	case n < 100:
		return andRest(under(n/10-2, `двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто`), " ", n%10, sayRussian)
	case n < 1000:
		return andRest(under(n/100-1, `сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот`), " ", n%100, sayRussian)
	}
	thousands := n / 1000
	said := sayRussian(thousands) + " тысяч"
	switch {
	case thousands%10 == 1 && thousands%100 != 11:
		said = strings.TrimSuffix(sayRussian(thousands), "один") + "одна тысяча"
	case thousands%10 == 2 && thousands%100 != 12:
		said = strings.TrimSuffix(sayRussian(thousands), "два") + "две тысячи"
	}
	return andRest(said, " ", n%1000, sayRussian)
}

// sayMyriads says numbers that are grouped by ten thousand.
func sayMyriads(digitNames, ten, hundred, thousand, myriad, zero string, ones bool) func(int) string {
	var say func(n int) string
	say = func(n int) string {
		if n == 0 {
			return ""
		}
		for _, place := range []struct {
			n    int
			name string
		}{{10_000, myriad}, {1000, thousand}, {100, hundred}, {10, ten}} {
			if n < place.n {
				continue
			}
			head, rest := say(n/place.n), n%place.n
			if n/place.n == 1 && !ones {
				head = ""
			}
			if zero != "" && rest > 0 && rest < place.n/10 {
				return head + place.name + zero + say(rest)
			}
			return head + place.name + say(rest)
		}
		return under(n-1, digitNames)
	}
	return say
}

var sayers = []struct {
	t      *tongue
	say    func(int) string
	phrase string
}{
	{spanish, saySpanish, "vende %s USDC por ETH"},
	{portuguese, sayPortuguese, "troque %s USDC para ETH na Base, obrigado"},
	{italian, sayItalian, "scambia %s USDC in ETH"},
	{french, sayFrench, "échange %s USDC contre ETH"},
	{german, sayGerman, "tausche %s USDC gegen ETH"},
	{indonesian, sayIndonesian, "tukar %s USDC ke ETH"},
	{turkish, sayTurkish, "%s USDC'yi ETH'ye çevir"},
	{russian, sayRussian, "обменяй %s USDC на ETH"},
	{korean, sayMyriads("일 이 삼 사 오 육 칠 팔 구", "십", "백", "천", "만", "", false), "%s USDC를 ETH로 바꿔줘"},
	{japanese, sayMyriads("一 二 三 四 五 六 七 八 九", "十", "百", "千", "万", "", false), "%sUSDCをETHに交換して"},
	{chinese, sayMyriads("一 二 三 四 五 六 七 八 九", "十", "百", "千", "万", "零", true), "把%sUSDC换成ETH"},
}

func TestNumbersAreReadAsTheyAreSaid(t *testing.T) {
	for _, s := range sayers {
		t.Run(s.t.key, func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				n := rapid.OneOf(rapid.IntRange(2, 99_999), rapid.IntRange(2, 300), rapid.SampledFrom([]int{1000, 1100, 2000, 10_000, 20_000, 21_000})).Draw(rt, "n")
				said := s.say(n)
				if s.t == korean && utf8.RuneCountInString(said) == 1 && n < 10 {
					return // 이, 일: words of their own
				}
				text := fmt.Sprintf(s.phrase, said)
				r := Read(text, DefaultLexicon())
				var amounts []Span
				for _, span := range r.Spans {
					if span.Kind == AmountSpan {
						amounts = append(amounts, span)
					}
				}
				if r.tongue != s.t || len(amounts) != 1 || amounts[0].Quantity == nil || amounts[0].Quantity.Number != fmt.Sprint(n) || amounts[0].Text != said {
					rt.Fatalf("%d in %q: %+v", n, text, amounts)
				}
			})
		})
	}
}

// A number word that is left over beside an amount would change it silently.
func TestNumberWordsAreReadWhollyOrNotForSure(t *testing.T) {
	for _, s := range sayers {
		t.Run(s.t.key, func(t *testing.T) {
			var known []string
			for w, n := range s.t.read().numbers {
				if !n.inner && !n.shy {
					known = append(known, w)
				}
			}
			gap := " "
			if s.t == japanese || s.t == chinese {
				gap = ""
			}
			rapid.Check(t, func(rt *rapid.T) {
				said := strings.Join(rapid.SliceOfN(rapid.SampledFrom(known), 1, 4).Draw(rt, "words"), gap)
				text := fmt.Sprintf(s.phrase, said)
				start := strings.Index(text, said)
				r := Read(text, DefaultLexicon())
				if r.tongue != s.t {
					return
				}
				sure, covered := 0, 0
				for _, span := range r.Spans {
					if span.Kind == AmountSpan && span.Quantity != nil {
						sure++
					}
					if span.Start >= start && span.End <= start+len(said) {
						covered += len(span.Text) - strings.Count(span.Text, " ")
					}
				}
				if sure == 1 && covered != len(said)-strings.Count(said, " ") {
					rt.Fatalf("%q: %+v", text, r.Spans)
				}
			})
		})
	}
}

func TestWordsNeverOverlapAndLoseNothing(t *testing.T) {
	parts := strings.Fields(`把 100 USDC 换成 ETH USDCを ETHに 交換して 0.5이더를 밥에게 보내줘 USDC'yi ETH'ye çevir 2000'in %25'ini l'ETH d'ETH dell'ETH １００ ＵＳＤＣ ，。「」 給vitalik.eth vitalik.ethに
		中文.eth бо́б ETHшки USDС हज़ार भेजो १०० ベースボール 이천오백개 二百五十 3万5千 USDCyi Ethereum'dan 0x52908400098527886E0F7030069857D2E4169EE7 給0xab ’ ' . , $ 🙂 é`)
	rapid.Check(t, func(rt *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(parts), rapid.StringOfN(rapid.RuneFrom(nil, kanaTable), 0, 4, -1), rapid.String()), 0, 8).Draw(rt, "parts"), rapid.SampledFrom([]string{"", " "}).Draw(rt, "gap"))
		at := 0
		for _, w := range lex(text) {
			if w.start < at || w.end <= w.start || w.end > len(text) {
				rt.Fatalf("word %+v of %q", w, text)
			}
			if lost := strings.Map(kept, text[at:w.start]); lost != "" {
				rt.Fatalf("%q of %q is in no word", lost, text)
			}
			at = w.end
		}
		if lost := strings.Map(kept, text[at:]); lost != "" {
			rt.Fatalf("%q of %q is in no word", lost, text)
		}
	})
}

// kept drops what the lexer may drop.
func kept(r rune) rune {
	if c := classOf(r); c == spaceClass || c == hiddenClass {
		return -1
	}
	return r
}

func TestEnglishIsReadAsEnglish(t *testing.T) {
	for _, text := range []string{
		"swap 100 USDC to ETH on base", "send 5 dai to my cold wallet", "buy 50 usdc of eth every friday", "what's my balance", "dai", "bob", "to bob please", "half", "1.5 mil usdc",
		"how does staking work", "yo swap 5 usdc for eth", "stake 2 eth with lido", "no", "die", "can u bridge 40 usdt bsc -> polygon", "swap 5 sol", "or", "more", "an hour", "per week",
	} {
		if r := Read(text, DefaultLexicon()); r.tongue != nil {
			t.Errorf("%q is read as %s", text, r.tongue.key)
		}
	}
}
