package intents_test

import (
	"testing"

	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
)

func TestPolitenessAndLimitsAreNoDenialInAnyLanguage(t *testing.T) {
	for _, text := range []string{
		"能不能把1 ETH换成USDC", "可不可以把1 ETH换成USDC", "能不能帮我卖1 ETH", "把1 ETH换成别的币", "1 ETHを別のトークンに交換して", "не могли бы вы обменять 1 ETH на USDC", "не мог бы ты продать 1 ETH", "не могла бы ты продать 1 ETH",
		"bisa tukar 1 ETH ke USDC gak?", "bisa jual 1 ETH nggak?", "1 ETH को USDC में बदलो, स्लिपेज 1% से ज्यादा नहीं", "1 ETH को USDC में बदलो, स्लिपेज 1% से ज़्यादा नहीं", "troque 1 ETH por USDC com slippage de no máximo 1%",
	} {
		r := intents.Read(text, intents.DefaultLexicon())
		if _, err := intents.Check(r, one(intents.Step{Action: intents.Swap, TokenIn: "T1"})); refusal.Is(err, refusal.NotAnOrder) {
			t.Errorf("%q: %v", text, err)
		}
	}
	for _, text := range []string{"gak jual 1 ETH", "1 ETH ज्यादा नहीं बेचो", "не мог продать 1 ETH", "别卖1 ETH", "不能卖1 ETH", "不可以卖1 ETH", "jual 1 ETH? gak jadi", "não troque 1 ETH"} {
		r := intents.Read(text, intents.DefaultLexicon())
		if _, err := intents.Check(r, one(intents.Step{Action: intents.Swap, TokenIn: "T1"})); !refusal.Is(err, refusal.NotAnOrder) {
			t.Errorf("%q: %v, want %s", text, err, refusal.NotAnOrder)
		}
	}
}
