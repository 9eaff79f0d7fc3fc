package intents

import "strings"

// Lexicon is the words that Read knows besides numbers, addresses and its own grammar.
type Lexicon struct {
	Tokens map[string]bool   // upper-case symbols of the registry and of common knowledge
	Names  map[string]string // lower-case name -> upper-case symbol: ether, bitcoin
	Chains map[string]string // lower-case words, one space between them -> chain key
	Book   map[string]bool   // lower-case labels of the address book
	Venues map[string]string // lower-case words of a protocol -> its key
}

// DefaultLexicon knows the common tokens, chains and protocols, and no book. Each call returns a fresh one, to be added to.
func DefaultLexicon() *Lexicon {
	lex := &Lexicon{
		Tokens: map[string]bool{},
		Names:  map[string]string{},
		Chains: map[string]string{},
		Book:   map[string]bool{},
		Venues: map[string]string{},
	}
	for _, s := range strings.Fields(commonSymbols) {
		lex.Tokens[s] = true
	}
	for name, symbol := range commonNames {
		lex.Names[name] = symbol
	}
	for key, words := range commonChains {
		lex.AddChain(key, words...)
	}
	for key, words := range commonVenues {
		lex.Venues[key] = key
		for _, w := range words {
			lex.Venues[w] = key
		}
	}
	return lex
}

// AddChain makes the key and other words for it known.
func (l *Lexicon) AddChain(key string, words ...string) {
	for _, w := range append([]string{key}, words...) {
		l.Chains[strings.Join(strings.FieldsFunc(strings.ToLower(w), func(r rune) bool { return r == ' ' || r == '-' }), " ")] = key
	}
}

const commonSymbols = `
ETH WETH STETH WSTETH RETH CBETH FRXETH SFRXETH WEETH EETH EZETH RSETH METH OETH ANKRETH SWETH
BTC WBTC CBBTC TBTC LBTC RENBTC
USDC USDT DAI USDC.E USDBC USDT0 FRAX LUSD GUSD TUSD BUSD USDP PYUSD SDAI USDS SUSDS USDE SUSDE GHO CRVUSD FDUSD MIM USDD SUSD EURC EURS
UNI AAVE LINK MKR SKY COMP CRV LDO SNX YFI SUSHI BAL CVX RPL ENS GRT 1INCH APE SHIB PEPE FLOKI DOGE WLD MORPHO ENA ETHFI EIGEN PENDLE
ARB OP MATIC POL AVAX WAVAX WMATIC WPOL BNB WBNB CAKE GMX JOE STG GNO XDAI WXDAI ZK AERO VELO DEGEN BRETT TOSHI IMX MANA SAND AXS BLUR
SOL ADA XRP DOT ATOM NEAR FTM LTC TRX TON SUI APT SEI INJ TIA ONE CELO MNT METIS STRK ZRO FXS RNDR RENDER FET OCEAN LRC BAT ZRX KNC CHZ GALA MOG TURBO MAGIC RDNT QNT BONK WIF JUP`

var commonNames = map[string]string{
	"ether": "ETH", "ethers": "ETH", "eths": "ETH", "wrapped ether": "WETH", "wrapped eth": "WETH",
	"bitcoin": "BTC", "wrapped bitcoin": "WBTC", "wrapped btc": "WBTC",
	"tether": "USDT", "usd coin": "USDC", "usd tether": "USDT",
	"staked ether": "STETH", "staked eth": "STETH", "lido staked eth": "STETH", "wrapped staked eth": "WSTETH",
	"rocket pool eth": "RETH", "coinbase wrapped btc": "CBBTC",
	"chainlink": "LINK", "dogecoin": "DOGE", "doge": "DOGE", "shiba": "SHIB", "shiba inu": "SHIB", "solana": "SOL", "litecoin": "LTC",
	"cardano": "ADA", "polkadot": "DOT", "ripple": "XRP", "worldcoin": "WLD",
}

// Words that are a chain or a token, by their place in the sentence, are in commonChains and in dualSymbol.
var commonChains = map[string][]string{
	"ethereum":     {"eth mainnet", "ethereum mainnet", "mainnet", "ethereum l1", "eth l1", "l1", "eth", "main net", "erc20"},
	"base":         {"base mainnet", "base l2", "coinbase l2"},
	"arbitrum":     {"arb", "arbitrum one", "arb one", "arbi", "arbitrum mainnet"},
	"optimism":     {"op", "op mainnet", "optimism mainnet", "optimistic ethereum"},
	"polygon":      {"matic", "pol", "polygon pos", "polygon mainnet", "matic network"},
	"bsc":          {"bnb", "bnb chain", "bnb smart chain", "binance smart chain", "binance chain", "bnbchain", "bep20"},
	"avalanche":    {"avax", "avalanche c chain", "avax c chain", "c chain", "avalanche mainnet"},
	"gnosis":       {"gnosis chain", "xdai chain", "xdai"},
	"zksync":       {"zksync era", "zk sync", "zk sync era", "era"},
	"sepolia":      {"eth sepolia", "ethereum sepolia", "sepolia testnet", "sepolia test net"},
	"base-sepolia": {"base testnet", "sepolia base", "base sepolia testnet"},
}

var commonVenues = map[string][]string{
	"uniswap": {"uniswap v2", "uniswap v3", "uniswap v4", "uni v2", "uni v3"}, "sushiswap": {}, "curve": {"curve finance"},
	"balancer": {}, "1inch": {}, "cowswap": {"cow swap", "cow protocol"}, "paraswap": {}, "pancakeswap": {"pancake swap"}, "aerodrome": {},
	"velodrome": {}, "camelot": {}, "aave": {"aave v3", "aave v2"}, "compound": {"compound v3"}, "spark": {"sparklend"}, "morpho": {"morpho blue"},
	"euler": {}, "fluid": {}, "moonwell": {}, "radiant": {}, "lido": {}, "rocket pool": {"rocketpool"}, "etherfi": {"ether fi"}, "eigenlayer": {},
	"yearn": {}, "beefy": {}, "pendle": {}, "convex": {}, "gmx": {}, "stargate": {}, "across": {"across protocol"}, "hop": {"hop protocol"},
	"wormhole": {}, "orbiter": {}, "synapse": {}, "layerzero": {}, "cctp": {}, "opensea": {}, "permit2": {}, "trader joe": {}, "quickswap": {}, "maker": {"makerdao"}, "odos": {},
	"kyberswap": {"kyber"}, "frax finance": {}, "ethena": {}, "seaport": {}, "blur": {},
}

// dualSymbol are the chain words that are a token's symbol or name too.
var dualSymbol = map[string]string{
	"eth": "ETH", "ethereum": "ETH", "op": "OP", "arb": "ARB", "matic": "MATIC", "pol": "POL", "avax": "AVAX", "bnb": "BNB", "xdai": "XDAI",
	"arbitrum": "ARB", "optimism": "OP", "polygon": "POL", "avalanche": "AVAX", "zksync": "ZK", "gnosis": "GNO",
}

// AlsoChain reports whether a token's symbol is a word for a chain too, so that only the place tells which is meant.
func AlsoChain(symbol string) bool {
	_, dual := dualSymbol[strings.ToLower(symbol)]
	return dual
}

// AlsoVenue reports whether a token's symbol is a word for a protocol too.
func AlsoVenue(symbol string) bool { return dualVenue[strings.ToLower(symbol)] }

// dualVenue are the protocols whose word is a token's symbol too.
var dualVenue = words(`aave morpho pendle gmx 1inch blur`)

// weakSymbols are symbols that are plain English words too: they need a token's place in the sentence, or capitals.
var weakSymbols = words(`one near link sand comp ape cake mask gas rare people magic super time ice fun band ocean spell sun win flow bond bal
	high safe id ai om ens stg sol dot ada ton sei apt sky era op arb pol mana bat gala turbo render wif jup mog joe atom sui joe degen key`)

// words makes a set of the words of a list.
func words(list string) map[string]bool {
	fields := strings.Fields(list)
	set := make(map[string]bool, len(fields))
	for _, w := range fields {
		set[w] = true
	}
	return set
}
