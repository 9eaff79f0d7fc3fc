package grammar

import (
	"regexp"
	"strings"

	"github.com/keymaker-agent/keymaker/intents"
)

// What a person wants to know is covered by templates over the sentence with a letter for each span: T for a token, C for a
// chain, R for an address or a name, and so on. A template has to match the whole sentence.

var letter = map[intents.SpanKind]string{
	intents.AmountSpan: "A", intents.TokenSpan: "T", intents.ChainSpan: "C", intents.AddressSpan: "R", intents.NameSpan: "R", intents.SlippageSpan: "S",
	intents.MinOutSpan: "M", intents.TimeSpan: "W", intents.CondSpan: "G", intents.VenueSpan: "V", intents.HashSpan: "X",
}

// macros are the parts that templates are made of.
var macros = strings.NewReplacer(
	"{what}", `(?:what is|what's|whats|what are|what're|wats|what was|how is|how's|hows|show|show me|check|check on|tell me|give me|get|get me|look up|see|view|display|do you know|can i see|let me see|i want to know|i'd like to know|find out|fetch|pull up|any idea what|any idea of|what about|how about|list|need|i need|just)(?: (?:what|the|a|me|my|us))*`,
	"{now}", `(?: (?:right now|now|today|currently|at the moment|atm|rn|these days|this moment|at present|this minute|presently))*`,
	"{cur}", `(?:(?:current|latest|live|spot|market|today's|todays|present|going) )*`,
	"{my}", `(?:(?:my|the|our|all|all my|of|total|current|available|entire|full|whole) )*`,
	"{on}", `(?: (?:on|in|at|via|through|using|over|across|with|from|held on|sitting on)(?: the| my)? [CV](?: (?:network|chain|wallet))?)*`,
	"{best}", `(?:the )?(?:best|highest|top|good|biggest|better|decent|most|safest|max|great|juiciest|nice|safe)`,
	"{yield}", `(?:yields?|apys?|aprs?|rates?|interest rates?|interest|returns?|lending rates?|staking rates?|staking yields?|lending yields?|supply rates?|lending apys?|staking aprs?|staking rewards|lending rate|deposit rates?|yield options|yield opportunities|lending options|staking options|farms?|yield farms?|pools?|vaults?)`,
	"{if}", `(?:if|when|once|as soon as|whenever|the moment|in case|the minute|if ever|when ever)`,
	"{swap}", `(?:swap|swapped|sell|sold|trade|traded|convert|converted|exchange|exchanged|swapping|selling|trading|converting|exchanging|swap of|trade of|sale of|flip|flipped|put in|put|swap out|cash out|cashed out)`,
	"{revoke}", `(?:revoke|remove|cancel|kill|undo|drop|clear|unapprove|take back|reset|zero out|get rid of|nuke|pull|withdraw|disable)`,
	"{allowance}", `(?:approval|approvals|allowance|allowances|permission|permissions|access|spending approval|token approval|spending permission|spend limit|spending limit|spending rights|token approvals|token allowance)`,
	"{will}", `(?:would|will|do|could|can|should|might|'d|'ll)`,
	"{tx}", `(?:last |latest |most recent |recent |previous |pending |earlier |first )?(?:T )?(?:tx|txn|transaction|transactions|swap|transfer|bridge|payment|trade|deposit|withdrawal|order|send|approval|stake|bridging|transactions)`,
)

// template is one way of asking.
type template struct {
	action intents.Action
	re     *regexp.Regexp
	flip   bool // the token that is named first is what is got
}

func templatesOf(action intents.Action, flip bool, list ...string) []template {
	all := make([]template, 0, len(list))
	for _, t := range list {
		all = append(all, template{action, regexp.MustCompile(`^(?:` + macros.Replace(t) + `)$`), flip})
	}
	return all
}

var asked = flatten(
	templatesOf(
		intents.Price, false,
		`(?:{what} )?{cur}(?:price|prices|cost|value|worth|rate|quote|exchange rate|dollar value|usd price|price check|price tag)(?: (?:of|for|on))?(?: (?:an|a|one|the|A))? T(?: (?:price|token|at))?(?: in (?:usd|dollars|us dollars))?{on}{now}`,
		`(?:{what} )?{cur}T (?:price|prices|value|cost|rate|price now|price check|token price|price action)(?: in (?:usd|dollars))?{on}{now}`,
		`(?:{what} )?{cur}price (?:is|of) T{on}{now}`,
		`how much (?:is|does|are|for)(?: (?:an|a|one|the|A))? T(?: (?:cost|worth|trading at|trading for|going for|at|go for|selling for|trade at|costing|valued at))?(?: in (?:usd|dollars))?{on}{now}`,
		`(?:what is|what's|whats|where is|where's|wheres|how much is)(?: (?:an|a|one|A))? T(?: (?:at|worth|trading at|trading for|going for|priced at|sitting at|price|trading|selling at|selling for))(?: in (?:usd|dollars))?{on}{now}`,
		`T(?: 's)? (?:price|at)(?: please)?`, `price(?: of| for)? T`, `(?:is|has|did|how is|how's|hows) T (?:up|down|doing|up or down|pumping|dumping|looking)(?: or down)?{now}`,
		`price T{on}`, `what does(?: (?:an|a|one|A))? T (?:cost|go for|trade at|trade for){on}{now}`,
	),
	templatesOf(
		intents.QuoteOnly, false,
		`(?:{what} )?(?:quote|a quote|an estimate|estimate|rate|a price|price|exchange rate|quotation|quote me|price out|preview)(?: (?:for|on|to|of|me))*(?: {swap})? A(?: of)?(?: my)? T (?:to|for|into|in|->|→|- >|> |against|vs) T{on}{now}`,
		`(?:what|how much|whatever) {will}(?: i| we| you)?(?: be able to)? (?:get|receive|get out|end up with|have|get back|make) (?:for|from|if i|if i were to|when i|with|by|out of|if we)(?: {swap})?(?: my)? A(?: of)?(?: my)? T(?: (?:to|for|into|in) T)?{on}{now}`,
		`(?:what is|what's|whats|how much is|how much are|what are) A(?: of)? T(?: worth)? (?:in|worth in|to|in terms of|worth of) T{on}{now}`,
		`(?:if|suppose) i {swap}(?: my)? A T (?:to|for|into) T(?: ,)? (?:how much|what) {will} i (?:get|receive|end up with|have){on}{now}`,
		`{what} {cur}(?:exchange )?(?:rate|price) (?:for|of|from|to|on|when)(?: {swap})? A T (?:to|for|into|in) T{on}{now}`,
		`(?:quote|price)(?: me)?(?: (?:bridging|to bridge|a bridge of|bridge|moving))? A T from C to C`, `(?:{what} )?(?:cost|fee|fees|quote)(?: (?:of|for|to))*(?: (?:bridging|bridge|move|moving))? A T from C to C`,
		`how much {will} it cost to (?:bridge|move) A T from C to C`, `how much(?: (?:is it|would it cost))? to (?:bridge|move) A T from C to C`,
	),
	templatesOf(
		intents.QuoteOnly, true,
		`(?:how (?:much|many)|what amount of) T {will}(?: i| we| you| that)?(?: be able to)? (?:get|receive|buy|be|make|end up with|get me|get out|get back)(?: (?:for|from|with|if i|if i were to|when i|by|out of|if we))?(?: {swap})?(?: my)? A(?: of)?(?: my)? T(?: (?:to|for|into) it)?{on}{now}`,
		`how (?:much|many) T (?:for|is|are|in|from|does|can|would|will|could|do i get for|per)(?: i get for)? A T(?: (?:get me|buy|worth|buy me|get|be|make|give me|get you))?{on}{now}`,
		`{what} (?:price|cost) of A T in T{on}{now}`,
	),
	templatesOf(
		intents.Balance, false,
		`(?:{what} )?{my}(?:T )?(?:balance|balances|holdings|wallet balance|account balance|wallet|portfolio|assets|funds|positions|token balances|wallet balances|net worth|tokens|coins|total balance|bag|bags|stash|holding|account)(?: (?:of|for|in))?(?: my)?(?: T)?(?: (?:balance|left|look like|check|please))?{on}{now}`,
		`how (?:much|many)(?: of)?(?: my)? T (?:do i have|have i|have i got|i have|do i own|do i hold|i own|i hold|i've got|is in my wallet|are in my wallet|am i holding|do i got|do we have|is in my account|is left in my wallet|is there in my wallet|do i still have|left|is left|remains|i got|i have left)(?: left| now| available| in total| in my wallet| sitting| right now| remaining| there| in there| in my account| total)*{on}{now}`,
		`how much (?:do i have|money do i have|have i got|crypto do i have|do i own|is in my wallet|is in my account)(?: in my wallet| in total| left)?{on}{now}`,
		`(?:what|which)(?: tokens| coins| assets| crypto)? (?:do i have|do i hold|do i own|have i got|am i holding|are in my wallet|is in my wallet|do we have|have we got|i have|i hold|i own)(?: in my wallet| in total| left)?{on}{now}`,
		`(?:what is|what's|whats|what do i have) in my (?:wallet|account|bag|portfolio){on}{now}`, `(?:do|did) i (?:have|hold|own|still have)(?: any| some| enough)? T(?: left| in my wallet| available)?{on}{now}`,
		`(?:{what} )?(?:balance|balances|balance check|T balance|holdings)(?: (?:of|for|on))? R{on}{now}`, `(?:{what} )?T(?: 's)? balance (?:of|for) R{on}{now}`,
		`my T{on}`, `balance T{on}`, `T balance{on}`, `how much T{on}`, `(?:am i|are we) (?:holding|hodling) (?:any )?T{on}{now}`,
	),
	templatesOf(
		intents.YieldSearch, false,
		`(?:{what} |where is |where's |where are |find |find me |search |search for |look for |show me |who has |who pays |which protocol has |which protocol pays |which protocol offers |which pool has |what protocol has |which app has |scan for |compare |hunt for |i'm looking for |looking for )*(?:{best} )?(?:\w{0}(?:{cur}))?{yield}(?: (?:for|on|with|to earn on|i can get on|i can get for|i can get with|available for|available on|to get on|can i get on|can i get for|around for|out there for|of|for lending|for staking|on lending|for supplying|for depositing|for my|on offer for))*(?: my| idle| my idle)*(?: A)?(?: of)?(?: my)? T{on}{now}`,
		`(?:{what} |where is |find |find me |search |show me |compare )*(?:{best} )?T (?:lending |staking |supply |deposit )?{yield}{on}{now}`,
		`(?:where|how|what protocol|which protocol|in what protocol) (?:can|should|do|could|would|to|is the best place to|are the best places to|is best to|is it best to)(?: i| we| you)?(?: best)? (?:earn|get|lend|stake|deposit|put|park|farm|invest|find|supply|make)(?: {best})?(?: {yield})?(?: (?:on|for|with|from))?(?: my| idle| my idle)*(?: A)?(?: of)?(?: my)? T(?: (?:for|to get|to earn|at|with|and get|to make|to)(?: {best})?(?: {yield})?)?{on}{now}`,
		`(?:{what} |find |find me )*{best} (?:place|places|protocol|pool|vault|way|option|options|strategy|spot|platform) (?:to|for)(?: me to)? (?:park|lend|lending|stake|staking|earn on|earn yield on|earn with|put|farm|deposit|supply|invest|hold|farming|earn interest on|earning on|get yield on|yield on|keep)(?: my| idle| some)*(?: A)? T{on}{now}`,
		`(?:{what} |find |find me |show me |search )*{best} (?:stablecoin |stable |eth |staking |lending )?{yield}{on}{now}`,
		`(?:who|which protocol|what protocol|what|what pool|which pool|which) (?:pays|gives|offers|has|is paying|is offering|is giving)(?: me)? {best}(?: {yield})?(?: (?:on|for))?(?: my)? T{on}{now}`,
		`(?:how much|what) (?:yield|interest|apy|apr) (?:can|could|would|will|do) i (?:earn|get|make)(?: (?:on|for|with|from|lending|staking))*(?: my)?(?: A)? T{on}{now}`,
	),
	templatesOf(
		intents.TxStatus, false,
		`(?:did|has|have|is|are|was|were) (?:my |the |that |our )?(?:(?:A )?{tx}|X|it)(?: (?:to R|X|to C|from C to C|of A T|from C))?(?: (?:go|gone|been|get|got|already|still|even|yet|actually|all))*(?: (?:through|confirmed|confirm|completed|complete|mined|fail|failed|done|finish|finished|land|landed|arrive|arrived|pending|stuck|succeed|successful|processed|included|work|executed|settled|in|clear|cleared|arrive on C|arrived on C|stuck|finalized|reverted|revert))(?: (?:yet|already|or not|now|ok|okay|or what|or still pending|or failed|or is it still pending|on C))*`,
		`(?:{what} )?(?:status|state|progress|update|updates)(?: (?:of|on|for|about))?(?: (?:my|the|that|our))*(?: {tx})?(?: (?:X|R))?`,
		`(?:{what} )?(?:my |the )?(?:{tx}) (?:status|state|progress|update|{now})(?: (?:X|of X|for X))?`,
		`(?:{what} )?(?:the )?(?:tx|txn|transaction|hash|tx hash|transaction hash|status)(?: (?:hash|status|of|for))* X{on}`, `(?:check|track|look up|find|status|status of|follow|trace|where is|what is|what happened to|what happened with|is|did|show me|show) X(?: (?:confirmed|mined|done|go through|ok|pending|failed|through|status))?(?: yet)?{on}`,
		`(?:where is|where's|wheres|what happened to|what happened with|what's up with|whats up with|what is happening with|how is|how's|check|check on|track|any news on|any update on|what about|look at)(?: (?:my|the|that|our))* {tx}(?: (?:to R|X|to C|from C to C|of A T))?(?: (?:doing|going|at))?{now}`,
		`(?:is|are) (?:my |the )?(?:T|funds|tokens|money|coins) (?:there|arrived|here|on C|in my wallet)(?: yet| already)*`, `did (?:it|that|this) (?:go through|work|confirm|land|succeed|complete|fail)(?: yet| already)*`, `X`,
	),
	templatesOf(
		intents.Revoke, false,
		`{revoke}(?: (?:my|the|all|any|all of|of|this|that|old))*(?: T)? {allowance}(?: (?:for|from|of|to|on|given to|granted to|with|i gave|i gave to|that i gave|i granted|i granted to|that|for the|to the|held by|by|contract|spender|address|my|at))*(?: [TRV])?(?: (?:for|from|of|to|on|with|by)(?: (?:my|the|contract|spender|address))* [TRV])?(?: (?:has|spending|on my T|contract|spender|access|has on my T|protocol|router))*{on}`,
		`{revoke}(?: (?:the|my))* [RV](?: (?:'s|' s|contract|protocol|router))*(?: T)? {allowance}(?: (?:for|to|on|over|of|from|to spend|to my)(?: (?:my|the|all))* T)?{on}`,
		`(?:revoke|unapprove)(?: my)? T (?:from|for|on|to) [RV]{on}`, `(?:revoke|unapprove) [RV](?: (?:from|on|for))?(?: (?:spending|using|my|the))*(?: T)?{on}`,
	),
	templatesOf(
		intents.RiskCheck, false,
		`(?:is|are)(?: (?:this|the|that|it))?(?: (?:token|contract|address|coin|spender|protocol|pool))* [TRV](?: (?:token|contract|coin|address))?(?: (?:a|an|any|even|actually|really|still|considered))*(?: (?:safe|scam|legit|legitimate|honeypot|rug|rugpull|risky|trustworthy|dangerous|rug pull|malicious|verified|good|reliable|secure|trusted|ok|fake))(?: (?:or (?:a |not |risky|unsafe|dangerous)?(?:scam|rug|honeypot|not)?|to use|to buy|to trade|to interact with|to approve|to hold|token|contract|to swap|at all))*{on}{now}`,
		`(?:risk check|risk-check|riskcheck|check|scan|audit|analyze|analyse|inspect|vet|review|assess|evaluate|investigate|security check|safety check|rug check|rugcheck|honeypot check|check out|run a risk check|do a risk check|run a security check|look into|do a safety check|run a safety check|run a scan)(?: (?:on|of|for|the|this|that|token|contract|address|coin|if|whether|out))* [TRV](?: (?:token|contract|is))?(?: (?:for|any|a|an|the|before i buy|before i ape in|to see if it's|and tell me if it's))*(?: (?:risk|risks|scams|scam|safety|safe|security|issues|red flags|honeypot|problems|legit|rug|vulnerabilities|backdoors|it))?{on}`,
		`(?:can|should) i trust(?: (?:this|the|that|token|contract|address|coin))* [TRV]{on}`, `is it (?:safe|ok|okay|risky|dangerous|secure) to (?:buy|approve|interact with|use|trade|swap|hold|trust|sign with|deposit into|lend on|stake with|stake on)(?: (?:this|the|that|token|contract|address|coin))* [TRV](?: (?:token|contract))?{on}`,
		`how (?:risky|safe|dangerous|trustworthy|legit|secure) is(?: (?:this|the|that|token|contract|address|coin))* [TRV](?: (?:token|contract))?{on}`, `(?:any|are there any) (?:risks?|red flags|issues|problems)(?: (?:with|in|on|for))(?: (?:this|the|token|contract))* [TRV]{on}`,
		`(?:is|are) (?:there )?(?:any )?(?:risk|anything wrong|something wrong|anything shady|anything suspicious) (?:with|in|about)(?: (?:this|the|token|contract))* [TRV]{on}`,
	),
	templatesOf(
		intents.Alert, false,
		`(?:please )?(?:alert|notify|ping|tell|warn|text|message|remind|let|email|shout at|poke|buzz|give|send)(?: (?:me|us|know|a shout|a heads up|an alert|a ping|a notification|a warning))* {if}(?: (?:the|my|a|price|of|on C|network|gas|fees|fee|its|health|factor|on V|V|loan|position|C|market|current))*(?: T)?(?: (?:price|is|goes|gets|ever|'s|s|has|fees|fee|gas|health|factor|prices|on C|on V|trading|starts|'|are|market|again|ratio))* G(?: gwei)?(?: (?:again|on C|on V|in value|today))?`,
		`(?:set|set up|create|make|add|put|give me|configure|i want|i need|i'd like)(?: me)?(?: (?:a|an|the|up))*(?: price)? (?:alert|alarm|notification|reminder|ping|warning)(?: (?:for|on|at|when|if|once|to))*(?: (?:the|my|price|of|gas))*(?: T)?(?: (?:price|is|goes|gets|at|when|if|once|it|hits|fees|gas|'s|drops|it's|for|when it))* G(?: gwei)?`,
		`(?:price )?alert(?: me)?(?: (?:for|on|if|when|at))? ?T(?: (?:price|is|goes|gets|at|if|when|it|when it|if it))* G`, `(?:watch|monitor|keep an eye on|track)(?: (?:the|my|price|of|gas))*(?: T)?(?: (?:price|for me|and|fees|gas))*(?: (?:and )?(?:alert|notify|ping|tell|warn|let)(?: (?:me|know|us))*)? {if}(?: it| it's| it is| the price| price| goes| gets| is)* G`,
		`{if}(?: (?:the|my|price|of|gas|health|factor))*(?: T)?(?: (?:price|is|goes|gets|ever|fees|fee|'s))* G(?: gwei)?(?: ,)? (?:alert|notify|ping|tell|warn|let|text|message)(?: (?:me|us|know))*`,
	),
)

func flatten(groups ...[]template) []template {
	var all []template
	for _, g := range groups {
		all = append(all, g...)
	}
	return all
}

// skeleton writes the sentence with a letter for each span, and drops what opens, closes and punctuates it.
func skeleton(items []item) (string, []*intents.Span) {
	i, end := skipLeads(items, 0), len(items)
	for k := i; k < len(items); k++ {
		if skipTails(items, k) == len(items) {
			end = k
			break
		}
	}
	var said []string
	var spans []*intents.Span
	for _, t := range items[i:end] {
		switch {
		case t.span != nil:
			said, spans = append(said, letter[t.span.Kind]), append(spans, t.span)
		case t.word == "?" || t.word == "," || t.word == "." || t.word == "!" || t.word == ":" || t.word == "please" || t.word == "pls":
		default:
			said = append(said, t.word)
		}
	}
	return strings.Join(said, " "), spans
}

// ask reads a sentence that wants to know something.
func ask(items []item) (intents.Draft, bool) {
	said, spans := skeleton(items)
	if len(said) > 300 {
		return intents.Draft{}, false
	}
	for _, t := range asked {
		if !t.re.MatchString(said) {
			continue
		}
		s, ok := t.step(spans)
		if !ok {
			continue
		}
		return intents.Draft{Steps: []intents.Step{s}, Why: []string{said}}, true
	}
	return intents.Draft{}, false
}

// step puts the spans of a sentence into the slots of their kinds, in the order of the sentence.
func (t template) step(spans []*intents.Span) (intents.Step, bool) {
	s := intents.Step{Action: t.action}
	for _, span := range spans {
		var role *intents.Ref
		switch span.Kind {
		case intents.TokenSpan:
			role = &s.TokenIn
			if s.TokenIn != "" {
				role = &s.TokenOut
			}
		case intents.AmountSpan:
			role = &s.Amount
		case intents.ChainSpan:
			role = &s.Chain
			if s.Chain != "" {
				role = &s.DestChain
			}
		case intents.AddressSpan, intents.NameSpan:
			role = &s.Recipient
			if t.action == intents.RiskCheck && span.Kind == intents.AddressSpan {
				role = &s.TokenIn
			}
		case intents.VenueSpan:
			role = &s.Venue
		case intents.CondSpan:
			role = &s.Trigger
			s.Condition, _, _ = strings.Cut(span.Value, ":")
		case intents.HashSpan:
			continue
		}
		if role == nil || *role != "" {
			return s, false
		}
		*role = span.ID
	}
	if t.flip {
		s.TokenIn, s.TokenOut = s.TokenOut, s.TokenIn
	}
	if s.Action == intents.QuoteOnly && s.Amount != "" {
		s.Side = intents.In
	}
	return s, true
}

var greetings = set(`hi hello hey yo gm gn thanks thank you thx ty cheers good morning evening night afternoon bye goodbye there how are lol haha ok okay cool nice great
	welcome sup what's up whats everyone all again so much very a lot bot keymaker friend . ! , ? see ya later is it going who can do help me`)

// idle reports whether the words are a greeting or thanks and nothing else.
func idle(items []item) bool {
	for _, t := range items {
		if t.span != nil || !greetings[t.word] {
			return false
		}
	}
	return true
}
