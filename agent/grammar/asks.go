package grammar

import (
	"cmp"
	"slices"
	"strings"

	"github.com/keymaker-agent/keymaker/intents"
)

// What a person wants to know has few slots and free word order: "eth price", "what is the price of eth", "price, eth?" are
// one question. So it is read as a bag of words: a question has cues of which one has to be said, words of its own, and
// bounds on its spans. It is covered where each word is one of these or a word that any question may have. Revoking and
// approving are read in the same way: each of their slots takes a span of another kind, so that order can't mix them up.

// vocabulary holds phrases by their first word.
type vocabulary map[string][]saying

type saying struct {
	words []string
	cue   bool
}

// vocabularyOf joins cues and other words.
func vocabularyOf(cues string, others ...string) vocabulary {
	v := vocabulary{}
	for _, p := range phrases(cues) {
		v[p[0]] = append(v[p[0]], saying{p, true})
	}
	for _, list := range others {
		for w := range set(list) {
			v[w] = append(v[w], saying{[]string{w}, false})
		}
	}
	return v
}

// covers says how many words of a sentence are cues, where all of its words are known; zero, where one is not or none is a cue.
func (v vocabulary) covers(items []item) int {
	cued := 0
	for i := 0; i < len(items); {
		if items[i].span != nil || marks[items[i].word] {
			i++
			continue
		}
		longest, cue := 0, false
		for _, s := range v[items[i].word] {
			if len(s.words) >= longest && spells(items, i, s.words) {
				longest, cue = len(s.words), s.cue || cue && len(s.words) == longest
			}
		}
		if longest == 0 {
			return 0
		}
		if cue {
			cued += longest
		}
		i += longest
	}
	return cued
}

// counts says how many spans of each kind a sentence has.
type counts map[intents.SpanKind]int

// only reports whether a sentence has spans of no other kinds.
func (n counts) only(kinds ...intents.SpanKind) bool {
	rest := 0
	for _, c := range n {
		rest += c
	}
	for _, k := range kinds {
		rest -= n[k]
	}
	return rest == 0
}

func (n counts) subjects() int {
	return n[intents.TokenSpan] + n[intents.AddressSpan] + n[intents.NameSpan]
}

// wish is one thing that can be asked for in free word order.
type wish struct {
	action intents.Action
	said   vocabulary
	fits   func(counts) bool
}

const (
	// asides are words that any question may have.
	asides = `what what's whats wat wats what're how how's hows where where's wheres which who when is are was were be am 's s ' the a an any some my our your me us i i'm we you u it its
		of for on in at to with from by via per as and or do does did can could would will this that these those there now right today currently atm rn moment present days
		lately just please pls plz hey ok okay so well quick quickly real actually exactly about around tell show give get let see know want need like check look up find out fetch
		pull view display say have has got idea out network chain usd dollars dollar terms - sir gimme why
		some just there's here i've we've he she they them their both either new bring list print return share curious wondering wonder question quick ask hmm oh hi hello hey yo thanks thank exactly overall altogether approx approximately
		roughly ballpark nowadays these today tonight yesterday this week month keep mind if possible help lemme me u ur r da dis much many more most very so too really again once only simply first mean means going worth bucks cents more than`
	// possessions are words for what is held.
	possessions = `total spendable spend bal balance balances usd worth value worthwhile across every chains networks wallets everywhere gas supplied lent deposited staked borrowed owe owed debt loan loans supply borrow health factor ratio available current whole entire full all account tokens token coins coin assets crypto money funds still enough position positions left remaining check wallet
		sitting holding each list across much many looking like doing`
	trades = `swap swapping swapped sell selling sold trade trading traded convert converting exchange exchanging exchanged flip flipping bridging bridge move moving buy buying put spend
		cash swaps trades sale converted`
)

var wishes = []wish{
	{
		intents.Alert,
		vocabularyOf(
			`alert, alerts, notify, ping, tell me, warn, text, message, remind, email, poke, buzz, let me know, let us know, heads up, alarm, notification, watch, monitor, keep an eye, shout, know, to know, i want to know,
				reminder, warning, give me a shout, holler, call me, wake me, wake me up, be notified, be alerted, be pinged, be told, be warned, price watch, send me a message, send me an alert, drop me a message, drop me a line, watch out for, track`,
			asides, `like i'd id would want's cheap set notified alerted pinged told warned want be if when once soon whenever moment minute ever price prices goes gets gas gwei fee fees health factor ratio position loan market again set create make add up an case value price: trading
				starts keep eye then below above level network ethereum eth's my health gas's moves anytime`,
		),
		func(n counts) bool {
			return n[intents.CondSpan] == 1 && n[intents.TokenSpan] <= 1 && n[intents.ChainSpan] <= 1 && n[intents.VenueSpan] <= 1 &&
				n.only(intents.CondSpan, intents.TokenSpan, intents.ChainSpan, intents.VenueSpan)
		},
	},
	{
		intents.TxStatus,
		vocabularyOf(
			`tx, txn, txs, transaction, transactions, hash, status, go through, gone through, went through, confirmed, confirm, mined, pending, stuck, arrived, arrive, landed, land, complete, completed, done, settled,
				failed, fail, succeed, succeeded, successful, processed, finished, finish, finalized, finalised, reverted, executed, cleared, received, went, go thru, went thru, gone thru, how long, taking so long, eta, completes, finishes, lands, arrives, track, trace, latest on, update on, receipt, still waiting, waiting, confirmations, in flight, in progress, hung, dropped, happened to, happened with, happening with, where is my, where's my,
				wheres my, any news, any update, what's up with, whats up with, progress, state, get through, make it, did it work, did that work, did this work, it worked, that worked`,
			asides, `last latest recent previous earlier first most swap transfer bridge payment trade deposit withdrawal order send approval stake swaps bridging yet already still going update updates news track
				follow trace lookup funds tokens money coins through not been even all up them or if whether one our wallet sent approve unstake wrap long taking take how until till before since ago minutes hours hour minute today yesterday earlier recently just made did does show
				withdraw lend borrow loan repay deposited withdrew bridged swapped traded transferred repaid borrowed staked wrapped unstaking staking supply thing mine side explorer etherscan receipt confirmation confirmations block blocks fast`,
		),
		func(n counts) bool {
			return n[intents.TokenSpan] <= 1 && n[intents.AmountSpan] <= 1 && n[intents.HashSpan] <= 1 && n[intents.ChainSpan] <= 2 && n[intents.VenueSpan] <= 1 &&
				n[intents.AddressSpan]+n[intents.NameSpan] <= 1 && n[intents.CondSpan]+n[intents.TimeSpan]+n[intents.MinOutSpan]+n[intents.SlippageSpan] == 0
		},
	},
	{
		intents.RiskCheck,
		vocabularyOf(
			`safe, safely, scam, scams, scammy, legit, legitimate, honeypot, rug, rugpull, rug pull, ruggable, risk, risks, risky, trust, trustworthy, trusted, dangerous, malicious, security, safety, red flags, red flag, shady,
				suspicious, fishy, dodgy, sketchy, audit, scan, secure, reliable, verified, fake, backdoors, backdoor, vulnerabilities, inspect, vet, anything wrong, something wrong, look into, check, check out, review, assess, investigate,
				genuine, risk - check, drainer, phishing, flagged, blacklisted, reputable, hacked, exploited, compromised, who is, know about, ponzi, fraud, fraudulent, harmful, bad actor, vetted, audited, risk score, risk assessment, safety report, risk report, risk rating, reputation, assessment, shitcoin, rugged, danger, worry, worried, careful, red - flags`,
			asides, `token contract address coin spender protocol pool look looks seem seems run test buying use using approve approving interact interacting trade trading hold holding swap swapping before considered
				even still anything something issues problems good bad if whether should really not totally analysis analyze analyse evaluate risk-check project thing into one been ever got me score rating report bad good hold think feel concerned known lending depositing staking supplying deposit stake lend supply bridge bridging put putting my funds money with there than be by`,
		),
		func(n counts) bool {
			return (n.subjects() == 1 || n.subjects() == 0 && n[intents.VenueSpan] == 1) && n[intents.ChainSpan] <= 1 && n[intents.VenueSpan] <= 1 &&
				n.only(intents.TokenSpan, intents.AddressSpan, intents.NameSpan, intents.ChainSpan, intents.VenueSpan)
		},
	},
	{
		intents.QuoteOnly,
		vocabularyOf(
			`quote, quotes, quotation, estimate, preview, how much, how many, what would, what will, what could, what can i get, what do i get, what'd, what'll, would i get, do i get, will i get,
				i'd get, i'll get, rate, exchange rate, what is, what's, whats, worth, cost, price, simulate, what does, what amount, what are, fee, fees, come out to, work out to, be worth, in terms of, how far, price me, price out, dry run, ballpark, indicative`,
			asides, trades, `receive end back make if were into per against vs > = → expect expected fetch net able amount many much it's it'd best going current market only no only-quote buys gives over across
				i'd i'll being after cost spend spent need sold bought received turn turned today approx come comes out work works add up convert calculate calculated value worth whole run don't execute just not yet ? so far roughly yield`,
		).with(`worth of`),
		func(n counts) bool {
			return n[intents.AmountSpan] == 1 && (n[intents.TokenSpan] == 2 && n[intents.ChainSpan] <= 1 || n[intents.TokenSpan] == 1 && n[intents.ChainSpan] == 2) && n[intents.VenueSpan] <= 1 &&
				n.only(intents.AmountSpan, intents.TokenSpan, intents.ChainSpan, intents.VenueSpan)
		},
	},
	{
		intents.YieldSearch,
		vocabularyOf(
			`yield, yields, apy, apys, apr, aprs, interest rate, interest rates, how much interest, what interest, best interest, highest interest, lending rate, lending rates, staking rate, staking rates, supply rate, supply rates,
				deposit rate, deposit rates, borrow rate, borrow rates, can i earn, could i earn, would i earn, do i earn, i can earn, to earn, should i earn, earn the most, earn most, best place, good place, best places, safe place,
				best pool, best pools, best vault, best vaults, best option, best options, best rate, best rates, best return, best returns, highest return, good return, returns, rewards, pays most, pays the most, pays best, pays the best, pays more,
				passive income, make money, make the most, top rate, top rates, best way, best protocol, best farm, farms, where can i lend, where can i stake, where should i lend, where should i stake, where to lend, where to stake, where should i park,
				highest paying, pays, paying the most, paying most, paying for, pay the most, pay most, pay best, does pay, earning, earn, best rate, interest, good rate, anything better, something better, rate for lending, lending apy, returning, highest rate, lend rates, supply yields, where can it earn, where can i put, where could i put, where could i earn, make more, grow, better rate, where to park, where to put, where should i put, where should i deposit, where to deposit, where do i lend`,
			asides, `best highest top good better decent most safest max great greatest juiciest nice safe protocol protocols app platform pool pools vault vaults option options place places opportunity opportunities strategy
				strategies park put lend lending stake staking supply supplying deposit depositing invest farming idle offers offer offering gives pays paying pay compare comparison search scan hunt looking should available
				stablecoin stablecoins stable stables make current money capital work interest earn return spot way rate rates going more earning home keep idle sitting around doing nothing anything something than could would might on-chain onchain defi right which who better beat beats highest-yielding currently average daily yearly annual per year stablecoins asset tokens token coin coins across protocols farms farm risk lowest low return returning give giving grow put them generate generating bring bringing pools lp out there compared compare vs`,
		),
		func(n counts) bool {
			return n[intents.TokenSpan] <= 1 && n[intents.AmountSpan] <= 1 && n[intents.ChainSpan] <= 1 && n[intents.VenueSpan] <= 1 &&
				n.only(intents.TokenSpan, intents.AmountSpan, intents.ChainSpan, intents.VenueSpan)
		},
	},
	{
		intents.Balance,
		vocabularyOf(
			`balance, balances, holdings, portfolio, wallet, stash, bag, bags, net worth, do i have, have i got, i have, i've got, i got, do i own, i own, i hold, do i hold, i holding, we have, we hold, we own, am i holding, am i hodling,
				sitting on, left, my assets, my tokens, my coins, my funds, my positions, my account, in my account, do i got, my crypto, funds, got any, remaining, bal, balance of, can i spend, spendable, owe, owed, supplied, lent, deposited, borrowed, staked, my debt, my loan, my loans, my debts, my deposits, how rich, how broke, everything i have, everything i own, all i have, everything, my bags, debt, loans, my gas, health factor, inventory, net worth, portfolio worth, in total`,
			asides, possessions,
		),
		func(n counts) bool {
			return n[intents.TokenSpan] <= 1 && n[intents.ChainSpan] <= 1 && n[intents.VenueSpan] <= 1 && n[intents.AddressSpan]+n[intents.NameSpan] <= 1 &&
				n.only(intents.TokenSpan, intents.ChainSpan, intents.VenueSpan, intents.AddressSpan, intents.NameSpan)
		},
	},
	{
		intents.Price,
		vocabularyOf(
			`price, prices, cost, costs, worth, trading, trade at, trades at, going for, go for, goes for, selling for, selling at, how much is, how much are, how much does, how much for, value, valued, expensive, cheap, doing, up, down, pumping,
				dumping, quote, rate, exchange rate, sitting at, priced, price check, pricing, what's it at, at right now, at rn, where is, where's, costing, exchanging, mooning, dipping, doing, ticker, how high, how low, moving, performing, how is, how's, how are, in dollars, in usd, usd, dollars, what is, what's, quoted, at now`,
			asides, `whats it's one whole single per each coin coins stand sit sits sitting standing worth chart ticker 24h price's market cap usdt usdc currently lately pair against level levels current latest live spot market going one single token coin in usd how has done much pricey or action looking value today's against vs trading go sell`,
		),
		func(n counts) bool {
			return n[intents.TokenSpan] >= 1 && n[intents.TokenSpan] <= 2 && n[intents.AmountSpan] <= 1 && n[intents.AmountSpan]+n[intents.TokenSpan] <= 2 && n[intents.ChainSpan] <= 1 && n[intents.VenueSpan] <= 1 &&
				n.only(intents.TokenSpan, intents.AmountSpan, intents.ChainSpan, intents.VenueSpan)
		},
	},
	{
		intents.Balance,
		vocabularyOf(`how much, how many, my`, asides, possessions),
		func(n counts) bool {
			return n[intents.TokenSpan] == 1 && n[intents.ChainSpan] <= 1 && n.only(intents.TokenSpan, intents.ChainSpan)
		},
	},
	{
		intents.Earned,
		vocabularyOf(
			`did i earn, did i make in rewards, have i earned, i've earned, i have earned, have earned, earned, my rewards, my reward, my earnings, rewards, earnings, can i claim, could i claim, i can claim, to claim,
				claimable, unclaimed, do i get in rewards, am i owed in rewards, my voting power, voting power, my vote power, my lock, my locked, locked, lock end, lock ends, lock expire, lock run out, my votes, was i paid in rewards`,
			asides, `so far already until till yet total all pending open due accrued available claim earn earn's pay paid keymaker rewards reward my lock locked long much key epoch last this ever power votes status end ends run expire get left balance waiting`,
		),
		func(n counts) bool {
			return n[intents.TokenSpan] <= 1 && n[intents.ChainSpan] <= 1 && n.only(intents.TokenSpan, intents.ChainSpan)
		},
	},
	{
		intents.Revoke,
		vocabularyOf(
			`revoke, unapprove, remove, cancel, kill, undo, drop, clear, take back, take away, reset, zero out, get rid of, nuke, pull, withdraw, disable, end, delete, stop, strip, rescind`,
			`approval approvals allowance allowances permission permissions access spending spend rights right limit limits cap my the all any of this that old for from to on given granted with held by contract spender address
				has have had use using 's ' s token tokens router protocol over a an in existing previous current me move touch touching please`,
		).with(`i gave, i granted, i have given, i've given, that i gave, that i granted, i set, to be able to`),
		func(n counts) bool {
			return n[intents.AddressSpan]+n[intents.VenueSpan]+n[intents.TokenSpan] >= 1 && n[intents.TokenSpan] <= 1 && n[intents.AddressSpan]+n[intents.NameSpan] <= 1 && n[intents.ChainSpan] <= 1 && n[intents.VenueSpan] <= 1 &&
				n.only(intents.TokenSpan, intents.AddressSpan, intents.NameSpan, intents.ChainSpan, intents.VenueSpan)
		},
	},
	{
		intents.Approve,
		vocabularyOf(
			`approve, allow, authorize, authorise, permit, grant, let, approval, allowance, permission, spending cap, spend limit, spending limit, spending allowance, be able to spend, the right to spend, spending rights, to be able to spend`,
			`to spend use move pull take access up a an the of for be my from wallet on by spender contract router give set amount limit as at spending usage out with please in token tokens please spent :`,
		).with(`i want, i'd like, to be able to`),
		func(n counts) bool {
			return n[intents.AmountSpan] == 1 && n[intents.TokenSpan] == 1 && n[intents.ChainSpan] <= 1 && n[intents.AddressSpan]+n[intents.NameSpan]+n[intents.VenueSpan] == 1 &&
				n.only(intents.AmountSpan, intents.TokenSpan, intents.ChainSpan, intents.AddressSpan, intents.NameSpan, intents.VenueSpan)
		},
	},
}

// with adds phrases that are no cues.
func (v vocabulary) with(list string) vocabulary {
	for _, p := range phrases(list) {
		v[p[0]] = append(v[p[0]], saying{p, false})
	}
	return v
}

// ask reads a sentence that wants to know something, or that revokes or approves.
func ask(items []item) (intents.Draft, bool) {
	all, said := readings(items)
	if len(all) == 0 {
		return intents.Draft{}, false
	}
	return intents.Draft{Steps: []intents.Step{all[0].step}, Why: []string{join(said)}}, true
}

// certain reads like ask, and fails where the words bear a second reading, or may question what follows too. What stands beside
// an order has to be certain.
func certain(items []item, ended bool) (intents.Draft, bool) {
	if !ended && anyWord(items, doubts) {
		return intents.Draft{}, false
	}
	d, ok := ask(items)
	all, _ := readings(items)
	if ok && !ended && (all[0].step.Action == intents.Alert || all[0].step.Action == intents.TxStatus) { // what follows waits for it
		return intents.Draft{}, false
	}
	return d, ok && !slices.ContainsFunc(all, func(r reading) bool { return r.step.Action != all[0].step.Action && r.rank() == all[0].rank() })
}

// doubts make a question of more than their own clause: would I check my balance, then swap?
var doubts = set(`would could should will did do does was were am i'd i'll if when be how why`)

// readings returns the steps that a sentence can be read as, the best first, and the words between its opening and its close.
func readings(items []item) ([]reading, []item) {
	if len(items) > 2*maxAsked {
		return nil, nil
	}
	i, end := skipLeads(items, 0), len(items)
	for k := i; k < len(items); k++ {
		if skipTails(items, k) == len(items) {
			end = k
			break
		}
	}
	said := items[min(i, end):end]
	if len(said) == 0 || len(said) > maxAsked {
		return nil, nil
	}
	n := counts{}
	for _, t := range said {
		if t.span != nil {
			n[t.kind()]++
		}
	}
	if n[intents.HashSpan] == 1 && len(said) == 1 {
		return []reading{{intents.Step{Action: intents.TxStatus}, 1}}, said
	}
	var all []reading
	for _, w := range wishes {
		if s, cues, ok := w.read(items, said, n); ok {
			all = append(all, reading{s, cues})
		}
	}
	slices.SortStableFunc(all, func(a, b reading) int { return cmp.Compare(b.rank(), a.rank()) })
	return all, said
}

// reading is what a sentence can be read as, and how many of its words are cues of that.
type reading struct {
	step intents.Step
	cues int
}

// rank puts what has more cues first, and what changes something last.
func (r reading) rank() int {
	if r.step.Action.Moves() {
		return 0
	}
	return r.cues
}

// read covers what is said with the wish.
func (w wish) read(items, said []item, n counts) (s intents.Step, cues int, ok bool) {
	if !w.fits(n) {
		return s, 0, false
	}
	if cues = w.said.covers(said); cues == 0 {
		return s, 0, false
	}
	if w.action.Moves() && !w.opens(items, said) || !w.action.Moves() && (ordersAnywhere(said) || !w.wonders(items, said, n)) {
		return s, 0, false
	}
	s, ok = w.step(said)
	return s, cues, ok
}

// ordering reports whether words begin as an order does, with a verb that has an object: they are no question then, whatever
// else they say.
func ordering(said []item) bool {
	if putting[said[0].word] && slices.ContainsFunc(said, func(t item) bool { return t.kind() == intents.AmountSpan }) {
		return true
	}
	if _, _, n := verbAt(said, 0); n > 0 && n < len(said) && said[n].kind() == intents.AmountSpan && said[0].word != "get" && said[0].word != "give" {
		return true
	}
	f, verb := intents.VerbFamily(said[0].word)
	if !verb || said[0].word == "get" || said[0].word == "give" || f == intents.ApproveVerb {
		return false
	}
	for _, t := range said {
		if t.kind() == intents.TokenSpan || t.kind() == intents.AmountSpan {
			return true
		}
	}
	return false
}

// ordersAnywhere reports whether an order begins where words begin, or after a joint: did it arrive? and send 12 USDC to bob.
func ordersAnywhere(said []item) bool {
	for i := range said {
		if i > 0 && !said[i].ends && !joints[said[i-1].word] {
			continue
		}
		rest := said[skipLeads(said, i):]
		if len(rest) > 0 && ordering(rest) {
			return true
		}
	}
	return false
}

// wonders reports whether words ask, where the same words could as well say what is so (my ETH arrived) or order something (let my
// DAI earn on Spark).
func (w wish) wonders(items, said []item, n counts) bool {
	asks := inquires(items)
	switch w.action {
	case intents.TxStatus:
		done := anyWord(said, happened) && !anyWord(said, records)
		return (!done && n[intents.AmountSpan] == 0 || asks) && !(n[intents.ChainSpan] > 1 && anyWord(said, carrying)) && !anyWord(said, owing)
	case intents.YieldSearch:
		if n[intents.AmountSpan] > 0 {
			return (asks || rates[said[0].word]) && !spelt(said, "i", "want")
		}
		return asks || anyWord(said, rates) || !letting[said[0].word] && anyWord(said, yieldNouns)
	case intents.Balance:
		if anyWord(said, returning) && !anyWord(said, holdingNouns) || spelt(said, "i", "know") {
			return false
		}
		return asks || !anyWord(said, handling) && !anyWord(said, toward) && anyWord(said, holdingNouns) && (len(said) > 1 || listing[said[0].word])
	case intents.Price:
		return (asks || !anyWord(said, handling)) && !spelt(said, "too", "much") && !(n[intents.AmountSpan] > 0 && said[0].word == "quote")
	case intents.QuoteOnly:
		return said[0].word != "at" && items[len(items)-1].word != "go" && !spelt(said, "what", "a")
	case intents.Earned:
		return asks && !yields(said) || said[0].word == "my"
	case intents.RiskCheck:
		return !spelt(said, "know", "it") && !spelt(said, "i", "have")
	}
	return true
}

// inquires reports whether words hold one that asks. A word that helps a verb (has, is) asks only where it opens something.
func inquires(items []item) bool {
	for i, t := range items {
		opens := i == skipLeads(items, 0) || i > 0 && (marks[items[i-1].word] || joints[items[i-1].word])
		if wondering[t.word] || opens && helping[t.word] && (t.word != "have" || i+1 < len(items) && items[i+1].span == nil) {
			return true
		}
	}
	return false
}

var (
	// wondering are words of which a question has one.
	wondering = set(`? yet what what's whats wat wats how how's hows where where's wheres which who when why any show tell check find see look
		list display status compare search quote estimate whether if know view read fetch pull print verify report update updates news eta track trace confirm latest`)
	helping = set(`is are was were am does do did has have can could should`)
	// happened are said of what has come to its end; records are what one asks for.
	happened     = set(`arrived landed went gone through done confirmed completed settled succeeded successful processed finished complete received cleared executed`)
	records      = set(`status tx txn transaction hash receipt confirmations eta`)
	letting      = set(`let make i want grow so lend put get have`)
	yieldNouns   = set(`yield yields apy apys apr aprs rate rates return returns rewards pools farms vaults place places option options best highest top better`)
	rates        = set(`yield yields apy apys apr aprs income`)
	toward       = set(`to`)
	listing      = set(`balance balances bal holdings portfolio inventory`)
	handling     = set(`lock loop fill help deal do want need i'd with staked too earn`)
	carrying     = set(`bring take move carry get me`)
	owing        = set(`loan loans debt debts`)
	returning    = set(`dollars bucks usd most would`)
	holdingNouns = set(`balance balances bal holdings portfolio wallet stash bag bags worth assets funds positions account tokens coins debt debts loans deposits inventory health own hold owe have`)
)

// putting are words that begin an order to put something to work, and are no verbs of their own.
var putting = set(`earn put park stick place add invest lend allocate`)

// maxAsked is the longest question, in words and spans; what opens and closes it may be as long again.
const maxAsked = 40

// opens reports whether a wish that changes something is put as an order, and where it revokes, begins with its only verb.
func (w wish) opens(items, said []item) bool {
	if questions(items) {
		return false
	}
	if w.action != intents.Revoke {
		return true
	}
	for i := range said {
		cued := slices.ContainsFunc(w.said[said[i].word], func(s saying) bool { return s.cue && spells(said, i, s.words) })
		if cued != (i == 0) {
			return false
		}
	}
	verb := said[0].word
	return verb == "revoke" || verb == "unapprove" || anyWord(said, allowances)
}

// allowances are the words that tell an allowance from anything else that can be removed, cancelled or stopped.
var allowances = set(`approval approvals allowance allowances permission permissions access spending spend rights`)

func anyWord(items []item, words map[string]bool) bool {
	for _, t := range items {
		if words[t.word] {
			return true
		}
	}
	return false
}

// step puts the spans of a sentence into the slots of their kinds.
func (w wish) step(items []item) (intents.Step, bool) {
	s := intents.Step{Action: w.action}
	for i, t := range items {
		if t.span == nil || t.kind() == intents.HashSpan {
			continue
		}
		role := w.slot(&s, items, i)
		if role == nil || *role != "" {
			return s, false
		}
		*role = t.span.ID
		if t.kind() == intents.CondSpan {
			s.Condition, _, _ = strings.Cut(t.span.Value, ":")
		}
	}
	switch w.action {
	case intents.Earned:
		for _, t := range items { // what other tokens earn is another's to say
			if t.kind() == intents.TokenSpan && !rewardToken(t.span) {
				return s, false
			}
		}
	case intents.QuoteOnly:
		s.Side = intents.In
		if s.TokenIn != "" && priced(items) {
			s.TokenIn, s.TokenOut, s.Side = s.TokenOut, s.TokenIn, intents.Out
			return s, s.TokenIn != "" && !spelt(items, "i", "get")
		}
		return s, s.TokenIn != ""
	case intents.Price:
		if s.TokenOut != "" && listed(items) { // the price of OP, and of ARB: two questions
			return s, false
		}
	case intents.Alert:
		for _, t := range items { // a price without a token is no one's
			if t.kind() == intents.CondSpan && s.TokenIn == "" && strings.Count(t.span.Value, ":") < 2 {
				return s, false
			}
		}
	}
	return s, true
}

// priced reports whether a quote is asked of what has to be paid: how much USDC would 1 ETH cost me.
func priced(items []item) bool {
	if spelt(items, "have", "to") || spelt(items, "need", "to") {
		return anyWord(items, paying)
	}
	return anyWord(items, costing) && !anyWord(items, paying)
}

var (
	costing = set(`need want cost costs`)
	paying  = set(`sell swap trade spend pay convert exchange put selling swapping trading spending paying converting sold swapped move bridge`)
)

// listed reports whether two tokens are named one after the other, rather than one in terms of the other.
func listed(items []item) bool {
	between := false
	for _, t := range items {
		if t.kind() == intents.TokenSpan {
			between = !between
		} else if between && (t.word == "and" || t.word == "," || t.word == "&") {
			return true
		}
	}
	return false
}

// slot returns the place of the span at item i.
func (w wish) slot(s *intents.Step, items []item, i int) *intents.Ref {
	switch items[i].kind() {
	case intents.TokenSpan:
		if w.action == intents.QuoteOnly && !ofAmount(items, i) {
			return &s.TokenOut
		}
		if w.action == intents.Price && s.TokenIn != "" {
			return &s.TokenOut
		}
		return &s.TokenIn
	case intents.AmountSpan:
		return &s.Amount
	case intents.ChainSpan:
		if i > 0 && w.action != intents.Balance && (items[i-1].word == "to" || items[i-1].word == "into" || items[i-1].word == ">" || items[i-1].word == "→") {
			return &s.DestChain
		}
		return &s.Chain
	case intents.AddressSpan, intents.NameSpan:
		return &s.Recipient
	case intents.VenueSpan:
		return &s.Venue
	case intents.CondSpan:
		return &s.Trigger
	}
	return nil
}

// ofAmount reports whether the token at item i is what an amount before it is of, and not what is to be bought with it.
func ofAmount(items []item, i int) bool {
	for i--; i >= 0 && (determiners[items[i].word] && items[i].word != "in" || items[i].word == "worth"); i-- {
	}
	return i >= 0 && items[i].kind() == intents.AmountSpan && (i == 0 || !buying[items[i-1].word])
}

var buying = set(`buy buying get receive`)

// Greetings and thanks need a word that greets or thanks; the others may stand with it.
var (
	salutes = set(`hi hello hey yo gm gn thanks thank thx ty cheers morning evening night afternoon bye goodbye lol haha ok okay cool nice great welcome sup what's whats who how are help hiya howdy`)
	chatter = set(`good you there up everyone all again so much very a lot bot keymaker friend frens . ! , ? see ya later is it going what can do me was that the day have and`)
)

// idle reports whether the words are a greeting or thanks and nothing else.
func idle(items []item) bool {
	greets := false
	for _, t := range items {
		if t.span != nil || !salutes[t.word] && !chatter[t.word] {
			return false
		}
		greets = greets || salutes[t.word]
	}
	return greets
}
