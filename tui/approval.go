package tui

import (
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/keymaker-agent/keymaker/internal/cli"
	"github.com/keymaker-agent/keymaker/internal/cli/show"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/wallet"
)

// quiet is how long no key may come before keys count.
const quiet = 500 * time.Millisecond

// guard keeps keys out that were meant for something else: it opens once its dialog has been drawn whole and no key came for
// a while, and stays open until it is shut.
type guard struct {
	whole bool
	since time.Time // the last key, or the first whole drawing
	open  bool
}

func (g *guard) shut(now time.Time) { *g = guard{since: now} }

// drawn notes that the dialog was drawn whole.
func (g *guard) drawn(now time.Time) {
	if !g.whole {
		g.whole, g.since = true, now
	}
}

// admit reports whether a key that comes now counts.
func (g *guard) admit(now time.Time) bool {
	if g.open {
		return true
	}
	g.open = g.ready(now)
	g.since = now
	return g.open
}

func (g *guard) ready(now time.Time) bool { return g.open || g.whole && now.Sub(g.since) >= quiet }

// approval is the screen on which a request is signed or declined.
type approval struct {
	p      *wallet.Prepared
	shown  bool // open, and not merely waiting
	guard  guard
	typed  string
	note   string
	raw    bool
	top    int  // first line shown
	bottom int  // last line that has ever been shown
	read   bool // all lines have been shown
	page   int  // lines that fit
	total  int
}

func (a *approval) show(now time.Time) {
	a.shown, a.read, a.raw, a.typed, a.note, a.top, a.bottom = true, false, false, "", "", 0, 0
	a.guard.shut(now)
}

// hide puts the request aside; it waits on.
func (a *approval) hide() { a.shown, a.typed = false, "" }

// unsettled makes the guard start again, because the screen changed under the user's hands.
func (a *approval) unsettled(now time.Time) {
	if a.shown {
		a.show(now)
	}
}

// press handles one key of the open screen and returns an answer when there is one.
func (a *approval) press(k tea.KeyPressMsg, keys keyMap, now time.Time, by string) (answer, bool) {
	switch {
	case key.Matches(k, keys.Decline):
		return answer{err: refusal.New(refusal.Declined, "you declined it")}, true
	case key.Matches(k, keys.Later):
		a.hide()
		return answer{}, false
	}
	if a.scroll(k.String()) {
		return answer{}, false
	}
	if !a.guard.admit(now) || k.IsRepeat {
		return answer{}, false
	}
	a.note = ""
	switch {
	case key.Matches(k, keys.Raw):
		a.raw, a.top = !a.raw, 0
	case a.raw:
	case key.Matches(k, keys.Sign):
		return a.sign(now, by)
	case k.String() == "backspace":
		if a.typed != "" {
			a.typed = a.typed[:len(a.typed)-1]
		}
	case len(k.Text) == 1 && k.Text[0] > ' ' && k.Text[0] < 0x7f && len(a.typed) < 8:
		a.typed += k.Text
	}
	return answer{}, false
}

func (a *approval) sign(now time.Time, by string) (answer, bool) {
	consent, err := cli.ConsentFor(a.p, now)
	if err != nil {
		return answer{err: err}, true
	}
	if !strings.EqualFold(a.typed, consent.Word) {
		a.typed, a.note = "", "that signs nothing: type "+consent.Word+", then enter"
		return answer{}, false
	}
	return answer{approval: wallet.Approve(a.p, by, now)}, true
}

func (a *approval) scroll(name string) bool {
	step := map[string]int{"up": -1, "down": 1, "pgup": -a.page, "pgdown": a.page}[name]
	if step == 0 {
		return name == "up" || name == "down" || name == "pgup" || name == "pgdown"
	}
	a.top = min(max(0, a.top+step), max(0, a.total-a.page))
	return true
}

// view draws the screen. It is the one place that knows what has been seen, so it also tells the guard.
func (a *approval) view(s styles, names show.Names, now time.Time, width, height int) []string {
	consent, _ := cli.ConsentFor(a.p, now)
	head := s.money(a.p.Network.Real).Bold(true).Render(" SIGN on "+show.Sanitize(a.p.Network.Name)+", "+show.Money(a.p.Network)+" ") +
		s.muted.Render("  expires in "+show.Left(a.p, now).String())
	body := a.body(s, names, width)
	a.page, a.total = max(1, height-2), len(body)
	if a.total > a.page {
		a.page = max(1, a.page-1) // for the position
	}
	a.top = min(a.top, max(0, a.total-a.page))
	end := min(a.total, a.top+a.page)
	if !a.raw {
		a.bottom = max(a.bottom, end)
		a.read = a.bottom >= a.total
	}
	if a.read {
		a.guard.drawn(now)
	}

	lines := append([]string{fit(head, width)}, body[a.top:end]...)
	for len(lines) < 1+a.page {
		lines = append(lines, "")
	}
	if a.total > a.page {
		lines = append(lines, s.muted.Render(a.position(end)))
	}
	return append(lines, fit(a.prompt(s, consent, now), width))
}

func (a *approval) body(s styles, names show.Names, width int) []string {
	blocks := show.Request(a.p, names)
	if a.raw {
		blocks = []show.Block{show.Raw(a.p), show.Seal(a.p)}
	}
	var body []string
	for _, b := range blocks {
		body = append(body, s.block(b, width)...)
	}
	return body
}

func (a *approval) position(end int) string {
	if end < a.total {
		return "more below: down or pgdown"
	}
	return "end; more above"
}

func (a *approval) prompt(s styles, c cli.Consent, now time.Time) string {
	switch {
	case a.raw:
		return s.muted.Render("ctrl+r goes back")
	case !a.read:
		return s.warn.Render("read to the end to sign; esc declines")
	case !a.guard.ready(now):
		return s.muted.Render("hands off the keys for a moment; esc declines")
	case a.note != "":
		return s.warn.Render(a.note + ": _")
	case c.Word == "y":
		return s.strong.Render("type y, then enter, to sign: ") + a.typed + "_"
	}
	return s.strong.Render("type "+c.Word+", "+c.Of+", then enter: ") + a.typed + "_"
}
