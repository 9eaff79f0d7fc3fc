package intents

import "strings"

var (
	unitWords = map[string]string{
		"second": "second", "seconds": "second", "sec": "second", "secs": "second", "minute": "minute", "minutes": "minute", "min": "minute", "mins": "minute",
		"hour": "hour", "hours": "hour", "hr": "hour", "hrs": "hour", "h": "hour", "day": "day", "days": "day", "week": "week", "weeks": "week",
		"month": "month", "months": "month", "year": "year", "years": "year", "fortnight": "2 weeks", "quarter": "quarter",
	}
	dayWords = map[string]string{
		"monday": "monday", "tuesday": "tuesday", "wednesday": "wednesday", "thursday": "thursday", "friday": "friday", "saturday": "saturday", "sunday": "sunday",
		"mon": "monday", "tue": "tuesday", "tues": "tuesday", "wed": "wednesday", "thu": "thursday", "thurs": "thursday", "fri": "friday", "mondays": "monday",
		"tuesdays": "tuesday", "wednesdays": "wednesday", "thursdays": "thursday", "fridays": "friday", "saturdays": "saturday", "sundays": "sunday",
		"morning": "morning", "evening": "evening", "night": "night", "weekend": "weekend", "weekday": "weekday", "payday": "payday",
	}
	adverbs = map[string]string{
		"daily": "day", "weekly": "week", "monthly": "month", "hourly": "hour", "yearly": "year", "annually": "year", "biweekly": "2 weeks",
		"fortnightly": "2 weeks", "nightly": "night",
	}
	whenWords = words(`tomorrow tonight noon midnight`)
)

// times takes when, how often, and for how long.
func (p *reader) times() {
	for i := 0; i < len(p.ws); i++ {
		if next, value := p.time(i); next > i {
			p.take(i, next, Span{Kind: TimeSpan, Value: value})
			i = next - 1
		}
	}
}

// time reads a time at word i and returns the word after it; i, where there is none.
func (p *reader) time(i int) (int, string) {
	if next, value := p.rhythm(i); next > i {
		return next, "every:" + value
	}
	if w := p.at(i); w == "for" || w == "over" || w == "across" || w == "within" || w == "during" {
		at := i + 1
		for p.at(at) == "the" || p.at(at) == "next" || p.at(at) == "a" || p.at(at) == "an" || p.at(at) == "period" || p.at(at) == "of" || p.at(at) == "course" {
			at++
		}
		if next, value := p.duration(at); next > at {
			return p.sliced(next, "span:"+value)
		}
		if p.at(at-1) == "a" || p.at(at-1) == "an" || p.at(at-1) == "next" {
			if u, ok := unitWords[p.at(at)]; ok && len(p.at(at)) > 2 {
				return p.sliced(at+1, "span:1 "+u)
			}
		}
	}
	if n := p.slices(i); n > 0 {
		if next, value := p.time(i + n); strings.HasPrefix(value, "span:") {
			return next, value
		}
	}
	if p.at(i) == "in" {
		at := i + 1
		if p.at(at) == "about" {
			at++
		}
		if next, value := p.duration(at); next > at {
			return next, "time:in " + value
		}
		if w := p.at(at); w == "a" || w == "an" {
			if u, ok := unitWords[p.at(at+1)]; ok {
				return at + 2, "time:in 1 " + u
			}
		}
		if p.phrase(i, "in the morning") > 0 || p.phrase(i, "in the evening") > 0 || p.phrase(i, "in the afternoon") > 0 {
			return i + 3, "time:" + p.at(i+2)
		}
	}
	return p.moment(i)
}

// sliced takes the number of parts that may follow a span of time: over 6 hours in 8 slices. How a trade is cut is the
// scheduler's to say, so that the number is part of the span, not an amount.
func (p *reader) sliced(i int, value string) (int, string) { return i + p.slices(i), value }

// slices returns how many words at i say in how many parts something is done.
func (p *reader) slices(i int) int {
	at := i
	for p.at(at) == "," || p.at(at) == "split" || p.at(at) == "spread" || p.at(at) == "in" || p.at(at) == "into" {
		at++
	}
	if at == i {
		return 0
	}
	_, next, ok := p.number(at)
	if p.at(next) == "equal" || p.at(next) == "even" {
		next++
	}
	if !ok || !sliceWords[p.at(next)] {
		return 0
	}
	return next + 1 - i
}

var sliceWords = words(`slices parts chunks pieces tranches batches orders trades swaps`)

// rhythm reads "every friday", "each 2 weeks", "daily", "once a week", "per month".
func (p *reader) rhythm(i int) (int, string) {
	w := p.at(i)
	if value, ok := adverbs[w]; ok {
		return i + 1, value
	}
	if p.phrase(i, "once a") > 0 || p.phrase(i, "once per") > 0 || p.phrase(i, "once every") > 0 || p.phrase(i, "once each") > 0 {
		if next, value := p.rhythmOf(i + 2); next > 0 {
			return next, value
		}
	}
	if w == "every" || w == "each" {
		if next, value := p.rhythmOf(i + 1); next > 0 {
			return next, value
		}
	}
	if w == "per" || (w == "a" && p.spanOrNumberBefore(i)) {
		if u, ok := unitWords[p.at(i+1)]; ok && len(p.at(i+1)) > 2 {
			return i + 2, u
		}
	}
	if next := p.dayOfMonth(i); next > i {
		return next, "month"
	}
	if w == "on" && strings.HasSuffix(p.at(i+1), "s") && dayWords[p.at(i+1)] != "" && len(p.at(i+1)) > 5 {
		return i + 2, dayWords[p.at(i+1)]
	}
	return i, ""
}

// dayOfMonth reads "every first of the month" and "on the 1st of every month". The first is when a month's payment is due; another
// day is not read.
func (p *reader) dayOfMonth(i int) int {
	at := i
	for p.at(at) == "on" || p.at(at) == "the" || p.at(at) == "every" || p.at(at) == "each" {
		at++
	}
	switch {
	case at == i:
		return i
	case p.at(at) == "first":
		at++
	case p.at(at) == "1" && p.at(at+1) == "st":
		at += 2
	default:
		return i
	}
	every := at > i && (p.at(i) == "every" || p.at(i) == "each")
	if p.at(at) == "day" {
		at++
	}
	if p.at(at) != "of" {
		return i
	}
	for at++; p.at(at) == "the" || p.at(at) == "every" || p.at(at) == "each"; at++ {
		every = every || p.at(at) != "the"
	}
	if p.at(at) != "month" || !every {
		return i
	}
	return at + 1
}

func (p *reader) spanOrNumberBefore(i int) bool {
	return i >= 2 && (p.isDigits(i-1) || p.isDigits(i-2) || p.isDigits(i-3))
}

// rhythmOf reads what follows every: a day, a unit, or a number of units.
func (p *reader) rhythmOf(i int) (int, string) {
	if p.at(i) == "single" {
		i++
	}
	if w := p.at(i); w == "other" || w == "second" && (unitWords[p.at(i+1)] != "" || dayWords[p.at(i+1)] != "") {
		if d, ok := dayWords[p.at(i+1)]; ok {
			return i + 2, "other " + d
		}
		if u, ok := unitWords[p.at(i+1)]; ok {
			return i + 2, "2 " + u + "s"
		}
	}
	if d, ok := dayWords[p.at(i)]; ok {
		return i + 1, d
	}
	if u, ok := unitWords[p.at(i)]; ok {
		return i + 1, u
	}
	if next, value := p.duration(i); next > i {
		return next, value
	}
	return 0, ""
}

// duration reads "6 hours".
func (p *reader) duration(i int) (int, string) {
	value, next, ok := p.number(i)
	if !ok || value == "" {
		return i, ""
	}
	if p.at(next) == "-" {
		next++
	}
	u, ok := unitWords[p.at(next)]
	if !ok && p.glued(next) && p.at(next) == "d" {
		u, ok = "day", true
	}
	if !ok {
		return i, ""
	}
	if value != "1" {
		u += "s"
	}
	return next + 1, value + " " + u
}

// moment reads a date and a time of day in any order: tomorrow at 9am, next monday, at 14:30.
func (p *reader) moment(i int) (int, string) {
	var said []string
	at := i
	for at < len(p.ws) {
		next, value := p.momentPart(at, len(said) > 0)
		if next == at {
			break
		}
		said, at = append(said, value), next
	}
	if len(said) == 0 {
		return i, ""
	}
	return at, "time:" + strings.Join(said, " ")
}

func (p *reader) momentPart(i int, more bool) (int, string) {
	w := p.at(i)
	if whenWords[w] {
		return i + 1, w
	}
	switch {
	case w == "at" || w == "by" || w == "around" || w == "on":
		if next, value := p.clock(i + 1); next > i+1 {
			return next, value
		}
		if whenWords[p.at(i+1)] {
			return i + 2, p.at(i + 1)
		}
		if d := dayWords[p.at(i+1)]; d != "" && w != "at" {
			return i + 2, d
		}
	case w == "next" || w == "this":
		if d := dayWords[p.at(i+1)]; d != "" {
			return i + 2, w + " " + d
		}
		if u, ok := unitWords[p.at(i+1)]; ok && w == "next" {
			return i + 2, w + " " + u
		}
	case more && (w == "morning" || w == "evening" || w == "night" || w == "afternoon"):
		return i + 1, w
	}
	return p.clock(i)
}

// clock reads 9am, 9 am, 14:30, 9:30 pm.
func (p *reader) clock(i int) (int, string) {
	if !p.isDigits(i) || len(p.ws[i].norm) > 2 {
		return i, ""
	}
	at, value := i+1, p.ws[i].norm
	if p.at(at) == ":" && p.glued(at) && p.glued(at+1) && p.isDigits(at+1) && len(p.ws[at+1].norm) == 2 {
		value, at = value+":"+p.ws[at+1].norm, at+2
		if p.at(at) != "am" && p.at(at) != "pm" {
			return p.zone(at), value
		}
	}
	if w := p.at(at); w == "am" || w == "pm" {
		return p.zone(at + 1), value + w
	}
	return i, ""
}

func (p *reader) zone(i int) int {
	if w := p.at(i); w == "utc" || w == "gmt" {
		return i + 1
	}
	return i
}

var (
	introWords = words(`profit tp sl wake if when whenever once until till unless while as alert notify ping tell let warn stop limit remind soon watch alarm alerts notification reminder know monitor text message call`)
	// sinks and climbs are verbs that tell which way something moves; drifts are verbs that don't.
	sinks  = words(`drop drops dropped falls fall fell dip dips slip slips sink sinks crash crashes crashed dump dumps dumped tank tanks plunge plunges slides slide down tumbles decreases lowers lower cheaper comes`)
	climbs = words(`rise rises climb climbs pump pumps run runs moons moon jump jumps rally rallies surges surge spikes spike up increases soars higher reach reaches hit hits touch touches top tops exceed exceeds pass passes break breaks cross crosses`)
	drifts = words(`go goes get gets is are trade trades move moves come comes ever back been stays sits trading moving going dropping falling rising`)
	// bounds lead to a level and tell the way themselves; aims lead to a level that the verb before them gives a way.
	unders = words(`below under beneath <`)
	overs  = words(`above over past >`)
	aims   = words(`to at past through than`)
	// levels are phrases of their own that lead to a level.
	levels = []struct{ phrase, way string }{
		{"or below", "below"},
		{"at or below", "below"},
		{"lower than", "below"},
		{"less than", "below"},
		{"cheaper than", "below"},
		{"at or above", "above"},
		{"or above", "above"},
		{"higher than", "above"},
		{"more than", "above"},
		{"greater than", "above"},
	}
	changes = map[string]string{
		"drops": "below", "falls": "below", "dips": "below", "dumps": "below", "loses": "below", "crashes": "below", "down": "below", "drop": "below", "fall": "below",
		"rises": "above", "gains": "above", "pumps": "above", "climbs": "above", "jumps": "above", "up": "above",
	}
	levelUnits = words(`usd usdc usdt dollars dollar bucks dai gwei $`)
	gasWords   = words(`gas gwei basefee fees fee`)
	healthWord = words(`health hf ltv`)
)

// conditions takes levels that something waits for: a price, the price of gas, a health factor.
func (p *reader) conditions() {
	intro := -1
	if p.introduced() {
		intro = 0
	}
	for i := 0; i < len(p.ws); i++ {
		if p.is(i, introWords) || p.stopLoss(i) || p.at(i) == "at" && intro < 0 {
			intro = i
		}
		if p.at(i) == "." || p.at(i) == ";" {
			intro = -1
		}
		if intro < 0 {
			continue
		}
		from, next, value := p.condition(i, intro)
		if next <= i {
			continue
		}
		p.take(from, next, Span{Kind: CondSpan, Value: value})
		i = next - 1
	}
}

func (p *reader) stopLoss(i int) bool {
	return p.at(i) == "stop" || p.at(i) == "limit" || p.at(i) == "loss"
}

// condition reads a level at word i, in a clause that began at intro.
func (p *reader) condition(i, intro int) (from, next int, value string) {
	if way, ok := changes[p.at(i)]; ok {
		at := i + 1
		for p.at(at) == "by" || p.at(at) == "another" || p.at(at) == "more" || p.at(at) == "than" || p.at(at) == "over" || p.at(at) == "at" || p.at(at) == "least" {
			at++
		}
		if n, end, ok := p.number(at); ok && n != "" && (percentWords[p.at(end)]) {
			mark := "-"
			if way == "above" {
				mark = ""
			}
			return i, end + 1, way + ":" + mark + n + "%"
		}
	}
	way, n := p.way(i)
	if n == 0 {
		return i, i, ""
	}
	at := i + n
	for p.at(at) == "the" || p.at(at) == "about" || p.at(at) == "around" || p.at(at) == "$" || p.at(at) == "or" || p.at(at) == "to" {
		at++
	}
	level, next, ok := p.number(at)
	if !ok || level == "" || percentWords[p.at(next)] {
		return i, i, ""
	}
	if way == "at" && !p.limited(i, next) && !p.openEnded(next) {
		return i, i, ""
	}
	prefix := p.subject(intro, i)
	if prefix == "health:" && p.at(i) == "gets" && p.at(i+1) == "to" { // a health factor is watched as it falls
		way = "below"
	}
	if p.at(next) == "gwei" {
		prefix = "gas:"
	}
	if p.is(next, levelUnits) {
		next++
	}
	if p.phrase(next, "or lower") > 0 || p.phrase(next, "or less") > 0 || p.phrase(next, "or below") > 0 {
		way, next = "below", next+2
	} else if p.phrase(next, "or better") > 0 {
		next += 2
	} else if p.phrase(next, "or higher") > 0 || p.phrase(next, "or more") > 0 || p.phrase(next, "or above") > 0 {
		way, next = "above", next+2
	}
	return i, next, way + ":" + prefix + level
}

// way reads what leads to a level at word i, and which way it says: drops below, goes down to, is over, hits. It returns how
// many words it has.
func (p *reader) way(i int) (way string, n int) {
	for _, l := range levels {
		if c := p.phrase(i, l.phrase); c > n {
			way, n = l.way, c
		}
	}
	if n > 0 {
		return way, n
	}
	if p.phrase(i, "gets to") > 0 {
		return "above", 2
	}
	moves, at := "", i
	for at < i+4 && (p.is(at, sinks) || p.is(at, climbs) || p.is(at, drifts)) {
		if moves == "" && p.is(at, sinks) {
			moves = "below"
		} else if moves == "" && p.is(at, climbs) {
			moves = "above"
		}
		at++
	}
	switch {
	case p.at(i) == "at" && at == i:
		return "at", 1
	case p.is(at, unders):
		return "below", at + 1 - i
	case p.is(at, overs) && (moves != "below" || p.at(at) != "past"):
		return "above", at + 1 - i
	case moves != "" && p.is(at, aims) && (at > i+1 || p.at(i) != "up"): // up to 5 is an amount
		return moves, at + 1 - i
	case moves == "above" && p.is(at-1, reaches):
		return moves, at - i
	}
	return "", 0
}

// limited reports whether "at", at word i, and the number that ends before word next are the price of an order: sell 1 eth for
// usdc at 4000. It is none where a clock, a unit or a token follows, or where nothing is bought or sold.
func (p *reader) limited(i, next int) bool {
	if w := p.at(next); w == "am" || w == "pm" || w == ":" || w == "gwei" || p.glued(next) && w != "$" && p.ws[next].kind != sign || p.tokenWord(next) || !p.closes(next) && !p.is(next, levelUnits) {
		return false
	}
	for k := 0; k < i; k++ {
		if p.is(k, orderWords) {
			return true
		}
	}
	return false
}

// openEnded reports whether words at i say that a price may be better: at 1500 or lower.
func (p *reader) openEnded(i int) bool {
	if p.is(i, levelUnits) {
		i++
	}
	return p.at(i) == "or" && p.is(i+1, betters)
}

var betters = words(`lower less below higher more above better`)

// orderWords begin an order that has a price.
var orderWords = words(`limit stop loss profit tp sl`)

// reaches take a level without a preposition.
var reaches = words(`reach reaches hit hits touch touches top tops exceed exceeds pass passes break breaks cross crosses`)

// subject tells what the level between words from..to is of: gas, health, or (nothing) a price.
func (p *reader) subject(from, to int) string {
	for i := from; i < to; i++ {
		switch {
		case p.is(i, gasWords):
			return "gas:"
		case p.is(i, healthWord):
			return "health:"
		}
	}
	return ""
}
