package grammar_test

import (
	"testing"

	"github.com/keymaker-agent/keymaker/intents"
)

func TestNoPlanIsMadeOfAReportInAnotherLanguage(t *testing.T) {
	for _, text := range []string{
		"vendi 3 eth por usdc", "vendi 3 eth", "vendí 3 eth por usdc", "cambié 3 eth por usdc", "mandé 3 eth a bob.eth", "échangé 3 eth contre usdc", "j'ai échangé 3 eth contre usdc", "j'ai echange 3 eth contre usdc", "comprei eth por 200 usdc",
		"3 eth gegen usdc verkauft", "venduto 3 eth per usdc", "inviai 3 eth a bob.eth", "deposité 500 usdc en aave", "transferí 3 eth a bob.eth", "kemarin kirim 3 eth ke bob.eth", "tadi kirim 3 eth ke bob.eth",
	} {
		if r := reported(t, text); r.Outcome == intents.Drafted {
			t.Errorf("%q: %s", text, told(r.Draft))
		}
	}
}

func TestATradeOverAStretchIsNotOneTrade(t *testing.T) {
	for _, text := range []string{"vends 8 eth contre usdc sur 8 heures", "vende 8 eth por usdc en el transcurso de 8 horas", "verkaufe 8 eth gegen usdc über 8 stunden", "venda 8 eth por usdc ao longo de 8 horas", "vendi 8 eth in usdc nell'arco di 8 ore"} {
		if r := reported(t, text); r.Outcome == intents.Drafted && r.Draft.Kind != "twap" {
			t.Errorf("%q: %s %s", text, r.Draft.Kind, told(r.Draft))
		}
	}
}
