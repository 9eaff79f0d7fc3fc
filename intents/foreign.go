package intents

import (
	"regexp"
	"strings"
)

// What is quoted, fenced, pasted, forwarded or reported is not the user's order. Its words stay in the text, and their spans
// are not eligible. Where it is not clear how far a foreign stretch goes, it goes to the end.

var (
	fence       = pattern("(?s)```.*?(?:```|$)|`[^`]*(?:`|$)")
	quoted      = pattern(`(?s)"[^"]*(?:"|$)|“[^”]*(?:”|$)|„[^“”]*(?:[“”]|$)|«[^»]*(?:»|$)|「[^」]*(?:」|$)|『[^』]*(?:』|$)|»[^«»]{3,}«|‹[^›]*(?:›|$)|‘[^’]{3,}’`)
	singleQuote = pattern(`(?s)(^|[\s(:,])'([^'\s](?:[^']|'\w)*)'(?:$|[\s).,;:!?])`)
	quoteLine   = pattern(`(?m)^[ \t]*(?:>|\|).*$`)
	markup      = pattern(`(?s)<[a-zA-Z/!|][^<>]*>.*<[/|][^<>]*>|\[/?(?:INST|SYSTEM|system|ADMIN|admin|[A-Z]{3,}[^\]]*)\].*$|\{\s*"[^}]*\}|<\|.*$`)
	forwarded   = pattern(`(?is)(?:^|\n)[ \t]*(?:-{2,}[^\n]*|={3,}[^\n]*|_{3,}[^\n]*|#{2,}[^\n]*|\*{3,}[^\n]*|fwd?:[^\n]*|fw:[^\n]*|begin [^\n]*|on [^\n]{3,60} wrote:)(?:\n.*|$)`)
	header      = pattern(`(?im)(?:^|\n)[ \t]*(?:from|to|subject|sent|date|re|system|assistant|user|human|admin|developer|tool|bot|ai|instruction|instructions|important|note|notice|memo|output|result|message|email|p\.?s\.?)[ \t]*:`)
	reported    = pattern(`(?is)\b(?:(?:say|says|said|saying|wrote|writes|writing|tweeted|tweets|posted|posts|reads|states|stated|claims|claimed|announced|replied|texted|messaged|dm'?e?d|instructs|instructed|demands|demanded|told (?:me|us|him|her|them|everyone)|tells (?:me|us)|asked me|asks me|wants me|wanted me|suggested|suggests|advised|advises|recommended|recommends)\b(?: me| us)?\s*(?:[:,]|to\b|that\b|i\b|we\b|you\b|she\b|he\b|they\b|"|')|\b(?:message|email|e-mail|mail|text|tweet|post|readme|website|site|page|note|memo|comment|description|dm|chat|prompt|metadata|doc|document|article|thread|announcement|ticket|invoice)\s*:).*$`)
)

// foreign marks the words that are not the user's own.
func (p *reader) foreign() {
	for _, re := range []func() *regexp.Regexp{fence, quoted, quoteLine, markup, forwarded} {
		for _, m := range re().FindAllStringIndex(p.text, -1) {
			p.disown(m[0], m[1])
		}
	}
	for _, m := range singleQuote().FindAllStringSubmatchIndex(p.text, -1) {
		p.disown(m[4]-1, m[5]+1)
	}
	for _, re := range []func() *regexp.Regexp{header, reported} {
		if m := re().FindStringIndex(p.text); m != nil {
			start := m[0] + leading(p.text[m[0]:m[1]])
			p.disown(start, paragraphEnd(p.text, start))
		}
	}
}

// leading counts the white space at the start of s.
func leading(s string) int { return len(s) - len(strings.TrimLeft(s, " \t\r\n")) }

// paragraphEnd returns where the paragraph ends that a foreign stretch begins in: at an empty line, unless the stretch only
// announces what follows, or at the end.
func paragraphEnd(text string, start int) int {
	i := strings.Index(text[start:], "\n\n")
	if i < 0 || strings.HasSuffix(strings.TrimSpace(text[start:start+i]), ":") {
		return len(text)
	}
	return start + i
}

// disown marks the words between two offsets.
func (p *reader) disown(start, end int) {
	for i := range p.ws {
		if p.ws[i].start >= start && p.ws[i].end <= end {
			p.ws[i].own = false
		}
	}
}
