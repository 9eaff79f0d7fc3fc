package intents_test

import (
	"strings"
	"testing"
)

// readSo holds the spans of each text against what they should be.
func readSo(t *testing.T, want map[string]string) {
	t.Helper()
	for text, want := range want {
		if got := strings.Join(gists(text), "; "); got != want {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
	}
}

func TestAStretchOfTimeIsNoMomentInAnyLanguage(t *testing.T) {
	readSo(t, map[string]string{
		"sell 8 eth for usdc over 8 hours":                 "amount exact 8; token ETH; token USDC; time span:8 hours",
		"vends 8 eth contre usdc sur 8 heures":             "amount exact 8; token ETH; token USDC; time span:8 hours",
		"vends 8 eth contre usdc sur 2 jours":              "amount exact 8; token ETH; token USDC; time span:2 days",
		"vende 8 eth por usdc durante 8 horas":             "amount exact 8; token ETH; token USDC; time span:8 hours",
		"vende 8 eth por usdc en el transcurso de 8 horas": "amount exact 8; token ETH; token USDC; time span:8 hours",
		"verkaufe 8 eth gegen usdc über 8 stunden":         "amount exact 8; token ETH; token USDC; time span:8 hours",
		"venda 8 eth por usdc ao longo de 8 horas":         "amount exact 8; token ETH; token USDC; time span:8 hours",
		"vendi il mio eth per usdc nell'arco di 8 ore":     "token ETH; token USDC; time span:8 hours",
		"8시간 동안 8 eth를 usdc로 팔아줘":                          "time span:8 hours; amount exact 8; token ETH; token USDC",
		"8 घंटे में 8 eth को usdc में बदलो":                "time span:8 hours; amount exact 8; token ETH; token USDC",
		"8 घंटे बाद 8 eth को usdc में बदलो":                "time time:in 8 hours; amount exact 8; token ETH; token USDC",
		"8 घंटे के दौरान 8 eth को usdc में बदलो":           "time span:8 hours; amount exact 8; token ETH; token USDC",
		"8時間かけて8 ETHをUSDCに交換して":                            "time span:8 hours; amount exact 8; token ETH; token USDC",
		"jual 8 eth ke usdc selama 8 jam":                  "amount exact 8; token ETH; token USDC; time span:8 hours",
		"продай 8 eth за usdc в течение 8 часов":           "amount exact 8; token ETH; token USDC; time span:8 hours",
		"8 eth'yi 8 saat boyunca usdc'ye çevir":            "amount exact 8; token ETH; time span:8 hours; token USDC",
	})
}

func TestThreeDigitsAfterOneMarkAreUnclearWhereACommaIsTheDecimalMark(t *testing.T) {
	readSo(t, map[string]string{
		"cambia 1.234 usdc a eth":       "amount ?; token USDC; token ETH",
		"cambia 1,234 usdc a eth":       "amount ?; token USDC; token ETH",
		"tausche 1.234 usdc in eth":     "amount ?; token USDC; token ETH",
		"échange 1.234 usdc contre eth": "amount ?; token USDC; token ETH",
		"обменяй 1.234 usdc на eth":     "amount ?; token USDC; token ETH",
		"1.234 usdc'yi eth'ye çevir":    "amount ?; token USDC; token ETH",
		"tukar 1.234 usdc ke eth":       "amount ?; token USDC; token ETH",
	})
}

func TestPartsAndHalvesAreNeverAnotherNumber(t *testing.T) {
	readSo(t, map[string]string{
		"एक तिहाई eth बेचो":                   "amount ?; token ETH",
		"मेरा एक तिहाई eth बेचो":              "amount ?; token ETH",
		"50以外のUSDCをETHに交換して":                  "amount ?; token USDC; token ETH",
		"USDCを50以外ETHに交換して":                   "token USDC; amount ?; token ETH",
		"卖半个eth":                              "amount exact 0.5; token ETH",
		"卖一半eth":                              "amount share 50; token ETH",
		"卖一半的eth":                             "amount share 50; token ETH",
		"3분의 1 eth 팔아줘":                       "amount ?; token ETH",
		"eth 3분의 1 팔아줘":                       "token ETH; amount ?",
		"1만 5천 usdc를 eth로 바꿔줘":                "amount ?; token USDC; token ETH",
		"vende medio millón de usdc por eth":  "amount exact 500000; token USDC; token ETH",
		"vende medio eth por usdc":            "amount ?; token ETH; token USDC",
		"venda meio milhão de usdc por eth":   "amount exact 500000; token USDC; token ETH",
		"venda meio mil usdc por eth":         "amount exact 500; token USDC; token ETH",
		"vende un tercio de mi eth":           "amount ?; token ETH",
		"verkaufe ein drittel meiner eth":     "amount ?; token ETH",
		"vends un tiers de mon eth":           "amount ?; token ETH",
		"venda um terço do meu eth":           "amount ?; token ETH",
		"vendi un terzo dei miei eth in usdc": "amount ?; token ETH; token USDC",
		"jual sepertiga eth saya":             "amount ?; token ETH",
		"eth'imin üçte birini sat":            "token ETH; amount ?",
		"eth'in üçte biri usdc olsun":         "token ETH; amount ?; token USDC",
		"продай треть моего eth":              "amount ?; token ETH",
		"卖三分之一的eth":                           "amount ?; token ETH",
		"ETHの三分の一を売って":                        "token ETH; amount ?",
		"मेरे eth का एक तिहाई बेचो":           "token ETH; amount ?",
		"verkaufe dreiviertel meiner eth":     "amount share 75; token ETH",
		"verkaufe drei viertel meiner eth":    "amount share 75; token ETH",
		"vends un demi eth contre usdc":       "amount exact 0.5; token ETH; token USDC",
		"échange un demi eth en usdc":         "amount exact 0.5; token ETH; token USDC",
		"vends un demi-eth":                   "amount exact 0.5; token ETH",
		"vende dos tercios de mi eth":         "amount ?; token ETH",
		"vende tres cuartos de mi eth":        "amount share 75; token ETH",
		"verkaufe zwei drittel meiner eth":    "amount ?; token ETH",
		"verkaufe eine halbe million usdc":    "amount exact 500000; token USDC",
		"продай полмиллиона usdc":             "amount exact 500000; token USDC",
		"jual setengah juta usdc":             "amount exact 500000; token USDC",
		"yarım milyon usdc sat":               "amount exact 500000; token USDC",
		"échange 3 eth sur arbitrum":          "amount exact 3; token ETH; chain arbitrum",
		"卖三分之二的eth":                           "amount ?; token ETH",
	})
}
