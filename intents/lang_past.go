package intents

import (
	"regexp"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// A verb in the past is a report. In many languages an accent is all that tells it from an order (envíe, envié; échange, échangé),
// and accents are folded away: so these forms are looked up as they are written, before anything else is.

// pastsOf are the past forms of a tongue: lines of "sense: form, more forms".
var pastsOf = map[string]string{
	"es": `swapped: cambié, cambió, convertí, convirtió, intercambié, intercambió, canjeé, canjeó, cambiado, convertido, intercambiado, canjeado
bought: compré, compró, adquirí, adquirió, conseguí, comprado
sold: vendí, vendió, vendimos, vendido, liquidé
sent: envié, envió, mandé, mandó, transferí, transfirió, transferimos, pagué, pagó, remití, enviado, mandado, transferido, pagado
moved: moví, movió, pasé, pasó, llevé, llevó, trasladé
bridged: puenteé, bridgeé
wrapped: envolví, envolvió
staked: stakeé
deposited: deposité, depositó, presté, prestó, depositado
withdrawn: retiré, retiró, saqué, sacó, retirado
borrowed: pedí, tomé
repaid: devolví, devolvió, reembolsé, reembolsó, devuelto`,
	"pt": `swapped: troquei, trocou, converti, converteu, cambiei, cambiou, intercambiei, trocado, convertido
bought: comprei, comprou, adquiri, adquiriu, comprado
sold: vendi, vendeu, vendemos, vendido
sent: enviei, enviou, mandei, mandou, transferi, transferiu, paguei, pagou, remeti, enviado, mandado, transferido
moved: movi, moveu, passei, passou, levei, levou, trouxe
bridged: bridgeei
deposited: depositei, depositou, emprestei, emprestou, depositado
withdrawn: retirei, retirou, saquei, sacou, levantei, retirado
borrowed: peguei, tomei, pedi
repaid: devolvi, devolveu, quitei, quitou`,
	"it": `swapped: scambiai, scambiò, cambiai, cambiò, convertii, convertì, scambiato, cambiato, convertito
bought: comprai, comprò, acquistai, acquistò, comprato, acquistato
sold: vendetti, vendei, vendette, venduto
sent: inviai, inviò, mandai, mandò, spedii, trasferii, pagai, pagò, inviato, mandato, spedito, trasferito, pagato
moved: spostai, spostò, spostato
bridged: bridgiato
deposited: depositai, depositò, prestai, depositato, prestato
withdrawn: prelevai, prelevò, ritirai, ritirò, prelevato, ritirato
borrowed: preso in prestito
repaid: rimborsai, restituii, ripagato, rimborsato, restituito`,
	"fr": `swapped: échangé, échangés, converti, changé, troqué, échangeai
bought: acheté, achetés, achetai
sold: vendu, vendus
sent: envoyé, envoyés, transféré, transférés, payé, versé, expédié, envoyai
moved: ramené, déplacé, bougé, passé
bridged: bridgé, bridgés
wrapped: wrappé, emballé, enveloppé
unwrapped: déballé
staked: staké
deposited: déposé, prêté, fourni
withdrawn: retiré
borrowed: emprunté
repaid: remboursé`,
	"de": `swapped: getauscht, umgetauscht, eingetauscht, gewechselt, konvertiert, umgewandelt, geswappt, tauschte, wechselte
bought: gekauft, kaufte, besorgt, geholt
sold: verkauft, verkaufte, veräußert
sent: gesendet, geschickt, überwiesen, gezahlt, bezahlt, transferiert, übersandt, sendete, schickte, überwies, zahlte
moved: verschoben, bewegt, gebracht
bridged: gebridged, gebridget, überbrückt
staked: gestaked, gestaket
deposited: verliehen, hinterlegt, eingezahlt
withdrawn: abgehoben, abgezogen, ausgezahlt
borrowed: geliehen, geborgt
repaid: zurückgezahlt, getilgt`,
	"ru": `swapped: обменял, обменяла, обменяли, поменял, поменяла, поменяли, конвертировал, конвертировала, свопнул, свапнул, свапнула, разменял, сменял
bought: купил, купила, купили, прикупил, докупил, закупил, приобрёл, приобрел, приобрела, взял, взяла
sold: продал, продала, продали, слил, слила, сбросил
sent: отправил, отправила, отправили, послал, послала, послали, перевёл, перевел, перевела, перевели, переслал, переслала, скинул, скинула, скинули, кинул, закинул, заплатил, заплатила, оплатил, отослал, перечислил
moved: переместил, переместила, перекинул, перекинула, перебросил, перенёс, перенес, перенесла, перегнал
bridged: сбриджил, забриджил, пробриджил
staked: застейкал, застейкала
deposited: внёс, внес, внесла, положил, положила, одолжил, задепозитил
withdrawn: вывел, вывела, вывели, снял, сняла, забрал, забрала
borrowed: занял, заняла
repaid: погасил, погасила, вернул, вернула`,
	"tr": `swapped: çevirdim, çevirdi, çevirdik, değiştirdim, değiştirdi, değiştirdik, dönüştürdüm, dönüştürdü, bozdurdum, bozdurdu, takasladım, takas ettim, takas etti, takas ettik, swapladım
bought: aldım, aldı, aldık, satın aldım, satın aldı, satın aldık, almıştım
sold: sattım, sattı, sattık, satmıştım
sent: gönderdim, gönderdi, gönderdik, yolladım, yolladı, yolladık, attım, attı, aktardım, aktardı, transfer ettim, transfer etti, ödedim, ödedi, havale ettim, ilettim, göndermiştim
moved: taşıdım, taşıdı, taşıdık, geçirdim, götürdüm
bridged: köprüledim, bridge ettim
staked: stake ettim, stakeledim
deposited: yatırdım, yatırdı, yatırdık
withdrawn: çektim, çekti, çektik
borrowed: borç aldım, ödünç aldım
repaid: ödemiştim`,
	"id": `swapped: sudah tukar, sudah menukar, telah menukar, tadi tukar, udah tukar, barusan tukar, sudah ditukar, sudah saya tukar, sudah aku tukar
bought: sudah beli, sudah membeli, telah membeli, tadi beli, udah beli, barusan beli, sudah dibeli
sold: sudah jual, sudah menjual, telah menjual, tadi jual, udah jual, barusan jual, sudah dijual
sent: sudah kirim, sudah mengirim, telah mengirim, tadi kirim, udah kirim, barusan kirim, sudah dikirim, sudah transfer, tadi transfer, udah transfer, barusan transfer, telah mentransfer, sudah bayar, udah bayar
moved: sudah pindahkan, sudah memindahkan, telah memindahkan, tadi pindahkan, udah pindahin
bridged: sudah bridge, udah bridge, tadi bridge, barusan bridge
staked: sudah stake, udah stake, tadi stake
deposited: sudah setor, udah setor, tadi setor, sudah deposit, udah deposit
withdrawn: sudah tarik, udah tarik, tadi tarik
borrowed: sudah pinjam, udah pinjam, tadi pinjam
repaid: sudah lunasi, udah lunasi`,
	"hi": `swapped: बदला, बदली, बदल दिया, बदल दिए, बदल लिया, बदल लिए, स्वैप किया, स्वैप किए, स्वैप कर दिया, स्वैप कर लिया, कन्वर्ट किया, एक्सचेंज किया, एक्सचेंज किए
bought: खरीदा, खरीदे, खरीदी, ख़रीदा, ख़रीदे, खरीद लिया, खरीद लिए
sold: बेचा, बेचे, बेची, बेच दिया, बेच दिए, बेच दी, बेच चुका
sent: भेजा, भेजे, भेजी, भेज दिया, भेज दिए, भेज चुका, ट्रांसफर किया, ट्रांसफर किए, ट्रांसफर कर दिया, ट्रांसफर कर दिए
bridged: ब्रिज किया, ब्रिज किए, ब्रिज कर दिया
staked: स्टेक किया, स्टेक किए, स्टेक कर दिया
deposited: जमा किया, जमा किए, जमा कर दिया, डिपॉजिट किया
withdrawn: निकाला, निकाले, निकाली, निकाल लिया, निकाल लिए
borrowed: उधार लिया, उधार लिए
repaid: चुकाया, चुकाए, लौटाया`,
}

// pastMarks find a past where words are not apart: after the verb.
var pastMarks = map[string]func() *regexp.Regexp{
	"ja": pattern(`(?:交換し|スワップし|両替し|変換し|トレードし|換え|替え|変え|売っ|買っ|購入し|売却し|送っ|送金し|送付し|送信し|振り込ん|払っ|支払っ|渡し|転送し|あげ|移し|移動し|動かし|ブリッジし|ラップし|ステークし|ステーキングし|預け|` +
		`貸し|供給し|引き出し|出金し|借り|借り入れ|返し|返済し|承認し|送り|売り|買い|振り込み|払い|支払い|動かし|引き上げ)(?:まし)?[ただ](?:$|[\s。．！!？?、,よねのぞわがけ]|ん[だでじ]|ところ|ばかり|から|ことが)`),
	"ko": pattern(`(?:팔았|샀|보냈|바꿨|바꾸었|옮겼|빌렸|갚았|맡겼|뺐|꺼냈|썼|(?:교환|환전|스왑|전환|변환|구매|매수|판매|매도|송금|전송|이체|지불|이동|브릿지|브리지|브리징|래핑|스테이킹|언스테이킹|예치|예금|공급|출금|인출|대출|상환|승인)(?:을 |를 )?했)` +
		`(?:다(?:$|[^면])|어|습|음|지|네|는데|거든|고|죠|$)`),
	"zh": pattern(`(?:换成?|換成?|兑换成?|兌換|交换|交換|转换|买入?|買|购买|卖出?|賣|卖掉|出售|发送?|發|转账?|轉|寄|汇|付|支付|送|转移|跨链?|桥接|质押|存入?|提取|取出|借入?|偿还|还清?|转给|发给|跨到)(?:了|過|过)[ 　]*(?:$|[。，,！!\d一二两三四五六七八九十百千万半]|他|她)|` +
		`(?:已经|已經|刚才|刚刚|剛才|剛剛|昨天|昨日|之前|上周|上个月)[^如若当當]*了`),
}

// pasts are the past forms of a tongue, as they are written and, where nothing else is spelled so without its accents, folded.
var pasts = sync.OnceValue(func() map[string]map[string]string {
	known := map[string]map[string]string{}
	for _, t := range tongues {
		v, forms := t.read(), map[string]string{}
		for line := range strings.Lines(pastsOf[t.key]) {
			sense, list, _ := strings.Cut(strings.TrimSpace(line), ":")
			for form := range strings.SplitSeq(list, ",") {
				form = written(strings.TrimSpace(form))
				if folded := fold(form); v.senses[folded] == "" && t.key != "fr" { // tu transfères, transférés
					forms[folded] = sense
				}
				forms[form] = sense
			}
		}
		known[t.key] = forms
	}
	return known
})

// written is a word as it is written, but for the case of its letters.
func written(w string) string { return norm.NFC.String(strings.ToLower(norm.NFKC.String(w))) }

// past returns the English participle of the verb in the past that begins at word i, and how many words it has.
func (t *tongue) past(ws []word, i int) (string, int) {
	forms := pasts()[t.key]
	if len(forms) == 0 {
		return "", 0
	}
	best, n, exact, folded := "", 0, "", ""
	for k := 0; k < 3 && i+k < len(ws); k++ {
		w := ws[i+k]
		if !w.own || w.kind != letters || k > 0 && w.breaks {
			break
		}
		exact, folded = strings.TrimSpace(exact+" "+written(w.norm)), strings.TrimSpace(folded+" "+fold(w.norm))
		if s := forms[exact]; s != "" {
			best, n = s, k+1
		} else if s := forms[folded]; s != "" && t.read().senses[folded] == "" {
			best, n = s, k+1
		}
	}
	if t.key == "hi" && n > 0 && i+n < len(ws) && strings.HasPrefix(ws[i+n].norm, "जा") { // बदला जा सकता है: can be swapped
		return "", 0
	}
	return best, n
}

// reports tells whether the text reports, in its tongue, what was done. A participle after an order is what the order is about (envoie les
// ETH achetés) and reports nothing.
func (r *Reading) reports() bool {
	if r.tongue == nil {
		return r.reportsIn(tongues)
	}
	if mark := pastMarks[r.tongue.key]; mark != nil && mark().MatchString(r.ownText()) {
		return true
	}
	return r.reportsIn([]*tongue{r.tongue})
}

func (r *Reading) reportsIn(of []*tongue) bool {
	for i, w := range r.words {
		if !w.own || w.kind != letters {
			continue
		}
		for _, t := range of {
			if s, n := t.past(r.words, i); n > 0 && (r.tongue != nil || !ascii(w.norm)) {
				return s != ""
			}
		}
		if r.tongue == nil {
			continue
		}
		g := glosser{t: r.tongue, v: r.tongue.read(), ws: r.words, lex: &Lexicon{}}
		if f, verb := VerbFamily(strings.SplitN(g.next(i), " ", 2)[0]); verb && f != "" && r.tongue.script == nil && r.tongue != turkish {
			if i > 0 && r.tongue == french && auxiliary[fold(r.words[i-1].norm)] { // j'ai echange
				return true
			}
			return false
		}
	}
	return false
}

// auxiliary makes a past of a French participle whose accent was left out.
var auxiliary = words(`ai as avons avez ont avais avait`)

// ownText is the text without what is quoted.
func (r *Reading) ownText() string {
	var b strings.Builder
	last := 0
	for _, w := range r.words {
		if !w.own {
			continue
		}
		if w.start > last {
			b.WriteByte(' ')
		}
		b.WriteString(r.Text[w.start:w.end])
		last = w.end
	}
	return strings.TrimFunc(b.String(), unicode.IsSpace)
}
