package tui

import (
	"context"
	"strings"
	"sync"
	"time"

	"charm.land/bubbles/v2/help"
	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textarea"
	tea "charm.land/bubbletea/v2"
	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/internal/cli"
	"github.com/keymaker-agent/keymaker/internal/cli/show"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/wallet"
)

const (
	minWidth, minHeight = 60, 16
	maxSentence         = 4000
	maxComposerLines    = 4
	beat                = 250 * time.Millisecond
)

// model is the whole screen.
type model struct {
	Options
	ctx     context.Context
	mail    *mailbox
	runners sync.WaitGroup

	width, height int
	styles        styles
	keys          keyMap
	help          help.Model
	helping       bool
	composer      textarea.Model
	transcript    transcript

	stop     context.CancelFunc // stops the run; nil: none is under way
	stopping bool
	refused  bool // the run said why it ended
	began    time.Time
	progress string
	notice   string
	leaving  bool // ctrl+c was the last key

	waiting    chan<- answer // of the request that waits for the user
	approval   *approval
	question   *question
	password   *password
	unanswered bool

	open     map[common.Hash]bool // sent, no receipt yet
	last     common.Hash
	beating  bool
	quitting bool
}

func newModel(ctx context.Context, o Options) *model {
	if o.Now == nil {
		o.Now = time.Now
	}
	s := newStyles(true)
	m := &model{
		Options: o, ctx: ctx, mail: newMailbox(), styles: s, keys: newKeys(), help: help.New(),
		composer: newComposer(), transcript: newTranscript(s), open: map[common.Hash]bool{},
	}
	m.restyle(s)
	m.transcript.add("", show.Block{Lines: []show.Line{{Text: "Say what you want done, in plain words. Nothing is signed until you approve it.", Tone: show.Muted}}})
	return m
}

func newComposer() textarea.Model {
	c := textarea.New()
	c.Prompt = "> "
	c.Placeholder = "for example: swap 100 USDC to ETH"
	c.ShowLineNumbers = false
	c.CharLimit = maxSentence
	c.DynamicHeight, c.MinHeight, c.MaxHeight = true, 1, maxComposerLines
	c.KeyMap.InsertNewline.SetKeys("alt+enter", "ctrl+j")
	c.SetVirtualCursor(false)
	c.SetHeight(1)
	c.Focus()
	return c
}

func (m *model) restyle(s styles) {
	m.styles = s
	m.help.Styles = s.help()
	m.composer.SetStyles(s.composer())
	m.transcript.restyle(s)
}

// Init asks for the background's colour and waits for mail.
func (m *model) Init() tea.Cmd { return tea.Batch(tea.RequestBackgroundColor, m.mail.next) }

type beatMsg struct{}

// Update takes one message.
func (m *model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	cmd := m.update(msg)
	m.layout()
	return m, tea.Batch(cmd, m.heartbeat())
}

func (m *model) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.resize(msg.Width, msg.Height)
	case tea.BackgroundColorMsg:
		m.restyle(newStyles(msg.IsDark()))
	case tea.FocusMsg:
		m.unsettle()
	case tea.KeyPressMsg:
		return m.press(msg)
	case tea.PasteMsg:
		m.paste(msg.Content)
	case tea.MouseWheelMsg:
		return m.wheel(msg)
	case delivery:
		cmds := []tea.Cmd{m.mail.next}
		for _, one := range msg {
			cmds = append(cmds, m.receive(one))
		}
		m.transcript.refresh()
		return tea.Batch(cmds...)
	case beatMsg:
		m.beating = false
		m.expire()
	}
	return nil
}

// heartbeat keeps clocks on the screen going while there are any.
func (m *model) heartbeat() tea.Cmd {
	if m.beating || m.stop == nil && m.waiting == nil {
		return nil
	}
	m.beating = true
	return tea.Tick(beat, func(time.Time) tea.Msg { return beatMsg{} })
}

func (m *model) resize(width, height int) {
	m.width, m.height = width, height
	m.help.SetWidth(width)
	m.composer.SetWidth(width)
	m.unsettle()
	if m.tooSmall() && m.approval != nil {
		m.approval.hide()
	}
}

// unsettle starts the guards of what is open again: the screen changed under the user's hands.
func (m *model) unsettle() {
	now := m.Now()
	switch {
	case m.approval != nil:
		m.approval.unsettled(now)
	case m.question != nil:
		m.question.entry.guard.shut(now)
	case m.password != nil:
		m.password.entry.guard.shut(now)
	}
}

func (m *model) tooSmall() bool { return m.width < minWidth || m.height < minHeight }

func (m *model) layout() {
	if m.tooSmall() {
		return
	}
	m.transcript.resize(m.width, m.height-3-m.composer.Height())
}

// press sends a key to whatever has the keyboard.
func (m *model) press(k tea.KeyPressMsg) tea.Cmd {
	leaving := m.leaving
	m.leaving = false
	now := m.Now()
	switch {
	case m.tooSmall():
		return m.compose(k, leaving)
	case m.approval != nil && m.approval.shown:
		m.reply(m.approval.press(k, m.keys, now, "tui"))
	case m.password != nil:
		m.reply(m.password.press(k, m.keys, now))
	case m.question != nil && m.question.shown:
		m.reply(m.question.press(k, m.keys, now))
	default:
		return m.compose(k, leaving)
	}
	return nil
}

// compose handles a key while the composer has the keyboard.
func (m *model) compose(k tea.KeyPressMsg, leaving bool) tea.Cmd {
	m.notice = ""
	empty := m.composer.Length() == 0
	switch {
	case key.Matches(k, m.keys.Quit):
		return m.interrupt(leaving)
	case key.Matches(k, m.keys.Stop):
		if m.helping {
			m.helping = false
			return nil
		}
		m.halt()
		return nil
	case m.tooSmall():
		return nil
	case key.Matches(k, m.keys.Leave) && empty:
		return m.quit()
	case key.Matches(k, m.keys.Help) && (empty || k.String() == "f1"):
		m.helping = !m.helping
		return nil
	case key.Matches(k, m.keys.Review):
		m.review()
		return nil
	case key.Matches(k, m.keys.Copy):
		return m.copy()
	case key.Matches(k, m.keys.Up):
		m.transcript.view.PageUp()
		return nil
	case key.Matches(k, m.keys.Down):
		m.transcript.view.PageDown()
		return nil
	case key.Matches(k, m.keys.Send):
		return m.send()
	}
	var cmd tea.Cmd
	m.composer, cmd = m.composer.Update(k)
	return cmd
}

// send starts a run with what the composer holds.
func (m *model) send() tea.Cmd {
	text := strings.TrimSpace(m.composer.Value())
	switch {
	case text == "":
		return nil
	case m.waiting != nil:
		m.notice = "something waits for you: tab opens it"
		return nil
	case m.stop != nil:
		m.notice = "one run at a time: esc stops the one under way"
		return nil
	}
	m.composer.Reset()
	m.helping, m.refused, m.stopping, m.progress = false, false, false, ""
	m.transcript.add("", show.Block{Lines: []show.Line{{Label: "you", Text: show.SanitizeTo(text, maxSentence), Tone: show.Strong}}})
	m.transcript.refresh()
	m.transcript.view.GotoBottom()

	ctx, stop := context.WithCancel(m.ctx)
	m.stop, m.began = stop, m.Now()
	m.runners.Add(1)
	return func() tea.Msg {
		defer m.runners.Done()
		m.mail.put(ended{m.Runner.Run(ctx, text, front{m.mail, m.Now})})
		return nil
	}
}

func (m *model) interrupt(leaving bool) tea.Cmd {
	if leaving || m.stopping {
		return m.quit()
	}
	m.leaving = true
	m.notice = "ctrl+c again quits"
	if m.stop != nil {
		m.halt()
		m.notice = "stopping; ctrl+c again quits"
	}
	return nil
}

func (m *model) halt() {
	if m.stop != nil {
		m.stopping = true
		m.stop()
	}
}

func (m *model) quit() tea.Cmd {
	m.unanswered = m.approval != nil
	m.quitting = true
	m.halt()
	return tea.Quit
}

// review opens what waits.
func (m *model) review() {
	switch {
	case m.approval != nil:
		m.approval.show(m.Now())
	case m.question != nil:
		m.question.shown = true
		m.question.entry.guard.shut(m.Now())
	default:
		m.notice = "nothing waits for you"
	}
}

func (m *model) copy() tea.Cmd {
	if m.last != (common.Hash{}) {
		m.notice = "copied " + m.last.Hex()
		return tea.SetClipboard(m.last.Hex())
	}
	m.notice = "copied " + m.Account.Hex()
	return tea.SetClipboard(m.Account.Hex())
}

// paste puts text where text is typed. An approval takes no paste.
func (m *model) paste(text string) {
	switch {
	case m.tooSmall() || m.approval != nil && m.approval.shown:
		m.unsettle()
	case m.password != nil:
		if m.password.entry.guard.admit(m.Now()) {
			m.password.entry.insert(strings.TrimRight(text, "\r\n"))
		}
	case m.question != nil && m.question.shown:
		if m.question.entry.guard.admit(m.Now()) {
			m.question.entry.insert(show.Sanitize(text))
		}
	default:
		m.notice = ""
		if show.Hidden(text) {
			m.notice = "hidden characters were taken out of what you pasted"
		}
		m.composer.InsertString(show.SanitizeTo(text, maxSentence))
	}
}

func (m *model) wheel(msg tea.MouseWheelMsg) tea.Cmd {
	if m.approval != nil && m.approval.shown {
		name := "down"
		if msg.Button == tea.MouseWheelUp {
			name = "up"
		}
		m.approval.scroll(name)
		return nil
	}
	var cmd tea.Cmd
	m.transcript.view, cmd = m.transcript.view.Update(msg)
	return cmd
}

// receive takes one message of the runner.
func (m *model) receive(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case happened:
		m.note(msg.event)
	case request:
		return m.take(msg)
	case withdrawn:
		if m.waiting == msg.answer {
			m.settle("withdrawn")
		}
	case ended:
		m.end(msg.err)
	}
	return nil
}

func (m *model) note(e agent.Event) {
	switch e.Type {
	case agent.Progressed:
		m.progress = show.SanitizeTo(e.Text, 120)
		return
	case agent.Refused:
		m.refused = true
	case agent.TxMoved:
		m.follow(e.Tx)
	}
	m.progress = ""
	m.transcript.add(slot(e), show.Event(e, m.Names)...)
}

func (m *model) follow(t *agent.TxUpdate) {
	if t == nil || t.Hash == (common.Hash{}) {
		return
	}
	m.last = t.Hash
	delete(m.open, t.Hash)
	if t.State == wallet.Broadcast || t.State == wallet.Reorged {
		m.open[t.Hash] = true
	}
}

func (m *model) end(err error) {
	if err != nil && !m.refused {
		f := cli.Explain(err)
		detail := f.Detail
		if f.Cause != "" {
			detail += ": " + f.Cause
		}
		m.transcript.add("", show.Refusal(agent.Refusal{Reason: refusal.Reason(f.Reason), Detail: detail, Hint: f.Hint}))
	}
	m.stop()
	m.stop, m.stopping, m.progress = nil, false, ""
	m.clearRequest()
}

// take makes a request of the runner wait for the user. A password is asked for at once, because its keys must not land in
// the composer; a question too where nothing is being typed; an approval never.
func (m *model) take(r request) tea.Cmd {
	m.clearRequest()
	m.waiting, m.notice = r.answer, ""
	now := m.Now()
	switch {
	case r.prepared != nil:
		m.approval = &approval{p: r.prepared}
		m.transcript.add("approval", waitingLine("approval", r.prepared.Title))
	case r.question != nil:
		m.question = &question{q: *r.question, shown: m.composer.Length() == 0}
		m.question.entry.guard.shut(now)
	default:
		m.password = &password{r: r, entry: entry{masked: true, text: make([]byte, 0, maxEntry)}}
		m.password.entry.guard.shut(now)
	}
	return tea.Raw("\a")
}

func waitingLine(what, title string) show.Block {
	return show.Block{Lines: []show.Line{{Label: what, Text: "waits for you, tab opens it: " + show.Sanitize(title), Tone: show.Warn}}}
}

// reply gives the user's answer to the runner.
func (m *model) reply(a answer, ok bool) {
	if !ok {
		return
	}
	m.waiting <- a
	switch {
	case m.approval == nil:
		m.clearRequest()
	case a.err != nil:
		m.settle(cli.Explain(a.err).Detail)
	default:
		m.settle("you signed " + m.approval.p.Digest.Hex())
	}
}

// settle closes the request and says in the transcript how it went.
func (m *model) settle(how string) {
	if m.approval != nil {
		m.transcript.settle("approval", show.Block{Lines: []show.Line{{Label: "approval", Text: how, Tone: show.Muted}}})
		m.transcript.refresh()
	}
	m.clearRequest()
}

func (m *model) clearRequest() {
	m.waiting, m.approval, m.question, m.password = nil, nil, nil, nil
}

// expire declines what waited too long.
func (m *model) expire() {
	if m.approval == nil {
		return
	}
	if _, err := cli.ConsentFor(m.approval.p, m.Now()); err != nil {
		m.reply(answer{err: err}, true)
	}
}
