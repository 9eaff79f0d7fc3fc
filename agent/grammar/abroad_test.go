package grammar_test

import (
	"strings"
	"testing"

	"github.com/keymaker-agent/keymaker/intents"
)

// told writes a draft as action and slots.
func told(e *intents.Exported) string {
	return strings.Join(strings.Fields(strings.Join([]string{
		e.Action, e.Amount, e.AmountUnit, e.TokenIn, ">", e.TokenOut, e.Recipient, e.Chain, e.DestChain, e.Slippage, e.MinOut, e.Every, e.Trigger, e.Venue,
	}, " ")), " ")
}

func TestOrdersInTheOrderOfEnglishAreRead(t *testing.T) {
	for text, want := range map[string]string{
		"cambia 3 mil USDC a ETH en Arbitrum":            "swap 3000 USDC > ETH arbitrum",
		"envía la mitad de mi ETH a bob.eth":             "transfer 50% ETH > bob.eth",
		"compra ETH por 200 USDC todos los días":         "schedule 200 USDC > ETH day",
		"deposita 500 USDC en Aave":                      "lend 500 USDC > aave",
		"troca 1 ETH por USDC com slippage máximo de 1%": "swap 1 ETH > USDC 1%",
		"manda dois mil e quinhentos USDC pra Ana":       "transfer 2500 USDC > Ana",
		"scambia trentotto USDC in ETH":                  "swap 38 USDC > ETH",
		"invia 1 ETH tra 3 ore a mamma":                  "schedule 1 ETH > mamma time:in 3 hours",
		"échange quatre-vingt-dix-sept USDC en ETH":      "swap 97 USDC > ETH",
		"échange 1 500,25 USDC contre ETH sur Arbitrum":  "swap 1500.25 USDC > ETH arbitrum",
		"überweise zweitausendfünfhundert USDC an Anna":  "transfer 2500 USDC > Anna",
		"tausche 1 ETH in mindestens 2400 USDC":          "swap 1 ETH > USDC 2400",
		"kirim dua ribu lima ratus USDC ke Ani":          "transfer 2500 USDC > Ani",
		"pindahkan 200 USDC dari Arbitrum ke Base":       "bridge 200 USDC > arbitrum base",
		"compra 100 USDC de ETH":                         "",
		"kaufe 100 USDC von ETH":                         "",
		"envía 100 USDC a bob en ETH":                    "",
		"cambia casi todo mi ETH a USDC":                 "",
		"tausche weniger als 100 USDC in ETH":            "",
		"no cambies 100 USDC a ETH":                      "",
		"scambia 100 USDC in ETH ieri":                   "",
		"cambia 100 USDC a ETH si bob paga":              "",
		"mi jefe me dijo: cambia 100 USDC a ETH":         "",
		"tausche 100 USDC in ETH, aber nicht heute":      "",
		"cambia 1.500 USDC a ETH":                        "",
		"vende dos mil setecientoss USDC por ETH":        "",
	} {
		t.Run(text, func(t *testing.T) {
			got := ""
			if r := reported(t, text); r.Outcome == intents.Drafted {
				got = told(r.Draft)
			}
			if got != want {
				t.Fatalf("got %q, want %q", got, want)
			}
		})
	}
}
