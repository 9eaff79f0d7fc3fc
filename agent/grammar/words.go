package grammar

import (
	"cmp"
	"slices"
	"strings"
)

// set makes a set of the words of a list.
func set(list string) map[string]bool {
	fields := strings.Fields(list)
	words := make(map[string]bool, len(fields))
	for _, w := range fields {
		words[w] = true
	}
	return words
}

// phrases makes a list of word lists, the longest first.
func phrases(list string) [][]string {
	var all [][]string
	for p := range strings.SplitSeq(list, ",") {
		if words := strings.Fields(p); len(words) > 0 {
			all = append(all, words)
		}
	}
	slices.SortStableFunc(all, func(a, b []string) int { return cmp.Compare(len(b), len(a)) })
	return all
}

// match returns how many items from i on spell one of the phrases.
func match(items []item, i int, list [][]string) int {
	for _, p := range list {
		if spells(items, i, p) {
			return len(p)
		}
	}
	return 0
}

func spells(items []item, i int, phrase []string) bool {
	if i+len(phrase) > len(items) {
		return false
	}
	for k, w := range phrase {
		if items[i+k].word != w || (k > 0 && items[i+k].ends) {
			return false
		}
	}
	return true
}

var (
	// leads open an order and change nothing.
	leads = phrases(`por favor, bitte, s'il te plaît, s'il vous plaît, svp, per favore, tolong, hola, hallo, bonjour, ciao, oi, salut, porfa,
		hey, hi, hello, yo, ok, okay, so, well, please, pls, plz, kindly, now, right now, quickly, just, also, alright, gm, good morning, good evening,
		good afternoon, keymaker, bot, agent, mate, bro, fam, buddy, dear agent, hey there, hi there, hello there, sup, oh, ah, hmm, um, uh, right, cool, great, nice,
		can you, could you, would you, will you, can u, could u, could you please, can you please, would you please, let's, lets, let us, i want to, i wanna,
		i want you to, i'd like to, i would like to, i'd like you to, i would like you to, id like to, i need to, i need you to, need to, want to, wanna, we need to, we want to,
		would you be so good as to, be so good as to, lemme, let me, would like to, would love to, like to, quick, help me, help me to, go ahead and, go and, proceed to, i'd love to, i wish to, i would love to, gotta, i gotta, time to, i think i want to,
		first, first of all, firstly, to start, to begin, next, then, and, after that, afterwards, finally, lastly, and then, & , next up,
		the plan is to, plan, this is what i want, here's the plan, my plan is to, i'd like you please to, can you help me, could you help me, can you help me to, could you help me to, would it be possible to, is it possible to, i would love it if you could, be so kind and, alrighty, hiya, howdy, sir, hey bot, hey agent, hey keymaker, hey man, hey can you, dude, my friend, wen you can, when you can, when you get a chance, when you have a moment, if you can, if possible, first time here, would you kindly, would you be so kind and, would you be so kind as to, do me a favor and, do me a favour and, be a dear and, if you could, immediately, asap, make sure to,
		i'm looking to, i am looking to, im looking to, looking to, i'm trying to, i am trying to, trying to, i'm hoping to, i am hoping to, hoping to, i'd appreciate it if you could, i would appreciate it if you could,
		it'd be great if you could, it would be great if you could, would be great if you could, it'd be nice if you could, it would be nice if you could, would you be able to, are you able to, could you possibly,
		i think i'd like to, i want u to, i need u to, need you to, want you to, the goal is to, my goal is to, i have to, we have to, i've got to, we've got to, what i want is to, what i need is to, all i want is to,
		what i'd like is to, here's what i want, here's what i need, do the following, do this, request, task, todo, urgent, ok now, alright then, sure, yes, yeah, good day, greetings, buddy can you, i would really like to, i'd really like to,
		i really want to, i really need to, we'd like to, we would like to, if you would, quick one, quick favor, quick favour, one more thing, another one, same again, new order, let us now,
		i would be grateful if you could, i'd be grateful if you could, i would be happy if you could, i'd be happy if you could, i'd love it if you could, it would help if you could, i just want, basically, literally, honestly, simply, bruh, fr, ngl, tbh, lol, haha,
		bestie, homie, fellas, gents, guys, friend, buddy boy, do the needful and, do me the favor and, would you mind to, i am wanting to, i'm wanting to, me want to, me want, please to, u, can ya, could ya, will ya, kindly please, ok please, ok bot, computer, assistant, wallet, my wallet, dear, dear bot, dear sir, ma'am,
		pretty please, alrighty then, okie, okey, k, kk, aight, ight, welp, anyway, anyways, btw, real quick, super quick, quickly please, instruction, execute, execute this, process, perform, run this, action, i'd be glad if you could, i request you to, i request that you, be a pal and, be a star and, kindly help me, help me out and, assist me to, assist me in, i was hoping you could, i was wondering if you could, wondering if you could, any chance you could, any chance you can, do me a solid and, mind if we`)
	// tails close an order and change nothing.
	tails = phrases(`por favor, porfa, bitte, s'il te plaît, s'il vous plaît, svp, stp, per favore, gracias, merci, danke, grazie, obrigado, obrigada, ya, dong, tolong, makasih,
		please, pls, plz, thanks, thank you, thank you very much, thanks a lot, many thanks, thx, ty, tysm, cheers, now, right now, right away, asap, immediately,
		for me, will you, would you, ok, okay, mate, bro, man, dude, fam, today, quickly, real quick, quick, if you can, if possible, if you could, when you can,
		thanks in advance, at once, straight away, for us, as soon as possible, thank u, kindly, thank you so much, thanks so much, thank you in advance, thanks mate, thanks man, just testing, for testing, as a test, just a test, is that possible, is that ok, if that's ok, if that is ok, for now, first thing, you rock, appreciate it, much appreciated, ser, king, legend, homie, boss, is fine, is ok, is okay, or whatever, go, do it, go ahead, yes, yeah, tia, ktnx, thankss, let's go, lfg, then, lol, haha, sir, friend, buddy, in one go, at market, at market price, at the market price, at the current price, first, for gas, for fees, for gas fees, to pay for gas, to cover gas, and that's it, that's it, that's all, thats all, nothing else, and nothing else, no rush, when you get a chance, whenever you can, whenever you're ready,
		when you have a moment, if you don't mind, if you dont mind, if you would, if you please, would be great, that would be great, that'd be great, would be nice, would be awesome, for me please, sharpish, pronto, stat, quick quick, rn, this minute, this instant,
		without delay, like now, as possible, as quickly as possible, as fast as possible, as soon as you can, my man, my guy, my friend, dear, chief, champ, pal, guys, team, folks, ok thanks, okay thanks, ok thx, cool thanks, good, great, perfect, nice, alright, all right, yeah thanks, rq, fr, ngl, tbh, bestie, k, kk, okie, xoxo, regards, best regards, kind regards, best, bye, hurry, hurry up, fast, at your earliest convenience`)
	// purposes may close an order to send: what the money is for.
	purposes = phrases(`for lunch, for dinner, for breakfast, for brunch, for coffee, for coffees, for drinks, for beers, for pizza, for food, for groceries, for rent, for the rent, for my rent, for this month's rent, for tickets, for the tickets, for the ride, for the cab, for the taxi, for the trip, for the bill,
		for bills, for utilities, for the invoice, for services, for work, for the job, for his birthday, for her birthday, for the birthday, for the gift, for the present, for the party, for the movie, for the movies, for the concert, for the hotel, for the flight, for my share, for my half of dinner,
		as a gift, as a tip, as a present, as payment, as rent, as a thank you, as repayment, as a refund, to say thanks, for last night, for yesterday, for the weekend, for everything, for his help, for her help, for helping`)
	fillers = set(`please pls plz just now simply kindly quickly also then exactly about around roughly approximately approx ~ only , already really precisely basically like literally right
		thanks`)
	// manners say how something is to be done without changing what: they may stand anywhere in a clause.
	manners = phrases(`at the best rate, at the best price, at best rate, at best price, at a good price, at a good rate, for the best price, for the best rate, at the best possible price, at the best available rate, at the going rate, at the current rate, at current rate, at current rates, at market rate,
		at market rates, at market, at the market price, at market price, at spot, at spot price, at today's price, at today's rate, at whatever price, at whatever rate, at any price, wherever is cheapest, wherever it's cheapest, wherever it is cheapest, the cheapest way, the cheapest way possible,
		the fastest way, using the best route, via the best route, through the best route, by the best route, with the best rate, best route, best rate, best price, cheapest route, fastest route, with best rate, whichever is best, on whichever is best, wherever is best, wherever has the best rate,
		wherever the rate is best, wherever, on any dex, on some dex, on a dex, with a dex, from my wallet, in my wallet, from my account, out of my wallet, out of my account, in my account, from my balance, from my holdings, with my wallet, using my wallet, to my wallet, into my wallet, for me, for us,
		for myself, on my behalf, right now, right away, if possible, if you can, as soon as possible, straight away, in one go, all at once, all in one go, in one transaction, in a single transaction, to earn some yield`)
	// determiners stand before what they belong to.
	determiners = set(`my the a an of our some this that all these those entire whole in worth equivalent another amount sum much enough as last whopping received resulting swapped bridged converted borrowed withdrawn purchased bought new fresh obtained unwrapped
		
		as much enough mi mis mon ma mes mein meine meinen meu minha meus il la le les el los der die das un une ein eine de d'`)
	// nouns may stand after a token.
	// havings may stand after a token that all or a part of is meant.
	havings = phrases(`i have, i hold, i own, that i have, that i hold, that i own, i've got, in my wallet, i have left, from my wallet, from my account, in my account, sitting in my wallet, i got, ive got, that i've got, we have, available, in there`)
	nouns   = set(`tokens token coins coin balance balances holdings bag bags stack position funds stash exposure supply deposit deposits savings stake`)
	// debts are nouns that make an order one about a loan, whatever its verb.
	debts = set(`loan loans debt debts credit`)
	// paces say that something is spread or repeated.
	paces = set(`gradually slowly automatically evenly regularly periodically spread split repeatedly steadily incrementally auto`)
	marks = set(`. ! ? , ; : … ) ( [ ] - – — | *`)
	// asking are the words that make an order of a question.
	asking      = set(`can could would will mind possible ok okay please pls`)
	joints      = set(`. ; ! ? , & + and then n nd`)
	stepPhrases = phrases(`then, and then, after that, and after that, afterwards, and afterwards, after which, once done, once that's done, once that is done, when done, when that's done,
		when that is done, followed by, next, and next, finally, and finally, subsequently, and, and also, also, plus, n then, n, & then, and with that, and from there, from there, from that, and from that, with that, with those, next step, second, third, secondly, thirdly, and lastly, lastly, before you, after it, and after it, and once that's done, and when that's done, after it arrives, once it arrives, when it arrives, and once it arrives, once it lands, when it lands, and when it lands, when it gets there, once there, on arrival, upon arrival, after that's done, after that is done, and after that's done, when that's finished, and when that's finished, once that's finished, once finished, when finished, when it's done, once it's done, and once it's done, after it's done, once completed, once complete, when complete, once it's complete, upon completion, as the next step, for the next step, immediately after, right after, right after that, straight after, last but not least, and lastly, and in the end, in the end, lastly, to finish, to top it off, on top of that, besides that, additionally, in addition, furthermore, moreover, at the same time, meanwhile, at the end, . then, . after that, . next, . finally, ; then, ; and, after this, as well as`)
)
