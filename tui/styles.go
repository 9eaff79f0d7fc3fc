package tui

import (
	"charm.land/bubbles/v2/help"
	"charm.land/bubbles/v2/textarea"
	"charm.land/lipgloss/v2"

	"github.com/keymaker-agent/keymaker/internal/cli/show"
)

// styles are all colours and weights of the screen, by what they mean. Each meaning also has a word or a sign, so that
// nothing is lost without colours.
type styles struct {
	normal, muted, strong, good, warn, danger lipgloss.Style

	header    lipgloss.Style
	realMoney lipgloss.Style
	testMoney lipgloss.Style
	you       lipgloss.Style
	words     lipgloss.Style // the bar beside words
	chain     lipgloss.Style // the bar beside facts of the chain
	key       lipgloss.Style
}

func newStyles(dark bool) styles {
	pick := lipgloss.LightDark(dark)
	color := func(light, dark string) lipgloss.Style {
		return lipgloss.NewStyle().Foreground(pick(lipgloss.Color(light), lipgloss.Color(dark)))
	}
	return styles{
		normal:    lipgloss.NewStyle(),
		muted:     color("#5c6370", "#8b93a1"),
		strong:    lipgloss.NewStyle().Bold(true),
		good:      color("#1a7f37", "#56d364"),
		warn:      color("#9a6700", "#e3b341").Bold(true),
		danger:    color("#cf222e", "#ff7b72").Bold(true),
		header:    lipgloss.NewStyle().Bold(true),
		realMoney: lipgloss.NewStyle().Bold(true).Foreground(lipgloss.Color("#ffffff")).Background(lipgloss.Color("#b3261e")),
		testMoney: color("#0969da", "#79c0ff"),
		you:       color("#0969da", "#79c0ff").Bold(true),
		words:     color("#8b93a1", "#5c6370"),
		chain:     color("#0969da", "#79c0ff"),
		key:       color("#0969da", "#79c0ff"),
	}
}

func (s styles) tone(t show.Tone) lipgloss.Style {
	switch t {
	case show.Muted:
		return s.muted
	case show.Strong:
		return s.strong
	case show.Good:
		return s.good
	case show.Warn:
		return s.warn
	case show.Danger:
		return s.danger
	}
	return s.normal
}

func (s styles) money(realMoney bool) lipgloss.Style {
	if realMoney {
		return s.realMoney
	}
	return s.testMoney
}

func (s styles) help() help.Styles {
	return help.Styles{
		Ellipsis: s.muted, ShortKey: s.key, ShortDesc: s.muted, ShortSeparator: s.muted,
		FullKey: s.key, FullDesc: s.normal, FullSeparator: s.muted,
	}
}

func (s styles) composer() textarea.Styles {
	state := textarea.StyleState{Base: s.normal, Text: s.normal, CursorLine: s.normal, EndOfBuffer: s.muted, Placeholder: s.muted, Prompt: s.you}
	return textarea.Styles{Focused: state, Blurred: state}
}

// The bars beside a block: broken beside words, whole beside facts.
const (
	wordsBar = "┊ "
	chainBar = "┃ "
)

// block draws a block at that width: its title, and its lines beside a bar.
func (s styles) block(b show.Block, width int) []string {
	bar, style := wordsBar, s.words
	if b.Source == show.Chain {
		bar, style = chainBar, s.chain
	}
	var out []string
	if b.Title != "" {
		title := show.Block{Lines: []show.Line{{Text: b.Title}}}
		for _, l := range title.Wrapped(width, show.BreakWords) {
			out = append(out, s.tone(b.Tone).Bold(true).Render(l.Text))
		}
	}
	for _, l := range b.Wrapped(width-lipgloss.Width(bar), show.BreakWords) {
		out = append(out, style.Render(bar)+s.muted.Render(l.Label)+s.tone(l.Tone).Render(l.Text))
	}
	return out
}
