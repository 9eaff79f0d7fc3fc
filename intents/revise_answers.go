package intents

import (
	"fmt"
	"strings"
)

// Named returns the option that an answer names: by its words, its number, its place (the second one), or a yes or no where
// these are options. It returns nothing for any other answer.
func Named(options []string, answer string) string {
	said := unended(answer)
	for _, o := range options {
		if said == plain(o) {
			return o
		}
	}
	said = unframed(said)
	for i, o := range options {
		if said == fmt.Sprint(i+1) {
			return o
		}
	}
	if at := places[said]; at > 0 && at <= len(options) {
		return options[at-1]
	}
	if (said == "last" || said == "letzte" || said == "последний") && len(options) > 0 {
		return options[len(options)-1]
	}
	meant := ""
	switch {
	case yesWords[said]:
		meant = "yes"
	case noWords[said]:
		meant = "no"
	}
	for _, o := range options {
		if meant != "" && o == meant {
			return o
		}
	}
	return ""
}

// unframed leaves what an answer is, without the words around it: the second one, option 2, I mean the first.
func unframed(said string) string {
	fields := strings.Fields(strings.ReplaceAll(said, ",", " "))
	for len(fields) > 1 && answerFrame[fields[0]] {
		fields = fields[1:]
	}
	for len(fields) > 1 && answerFrame[fields[len(fields)-1]] {
		fields = fields[:len(fields)-1]
	}
	return strings.Join(fields, " ")
}

var answerFrame = words(`the i mean meant take use option number one please pls thanks el la le il lo der die das den a o opción opcion option nummer número numero numéro
	por favor bitte s'il te plaît plait per favore`)

// places are the words for the first five options: English, Spanish, Portuguese, French, Italian, German, Indonesian, Turkish,
// Russian, Hindi, Korean, Japanese, Chinese.
var places = numberedLists(
	`first 1st #1 1. primero primera primer primeiro primeira premier première premiere 1er primo prima erste ersten erster erstes pertama birinci ilk ilki первый первое первая पहला पहली पहले 첫번째 최초 一つ目 最初 1つ目 第一个 第一個 第一`,
	`second 2nd #2 2. segundo segunda deuxième deuxieme second seconde secondo seconda zweite zweiten zweiter zweites kedua ikinci ikincisi второй второе вторая दूसरा दूसरी दूसरे 두번째 二つ目 2つ目 第二个 第二個 第二`,
	`third 3rd #3 3. tercero tercera tercer terceiro terceira troisième troisieme terzo terza dritte dritten dritter drittes ketiga üçüncü третий третье третья तीसरा तीसरी 세번째 三つ目 3つ目 第三个 第三個 第三`,
	`fourth 4th #4 4. cuarto cuarta quarto quarta quatrième quatrieme vierte vierten keempat dördüncü четвёртый четвертый चौथा 네번째 四つ目 第四个 第四個 第四`,
	`fifth 5th #5 5. quinto quinta cinquième cinquieme fünfte fünften kelima beşinci пятый पांचवां 다섯번째 五つ目 第五个 第五個 第五`,
)

func numberedLists(lists ...string) map[string]int {
	places := map[string]int{}
	for i, list := range lists {
		for w := range words(list) {
			places[w] = i + 1
		}
	}
	return places
}

var (
	yesWords = words(`yes y yeah yep yup aye correct right exactly sí si sim oui ja genau da да evet ya iya हाँ हां 네 예 はい 是 是的 对 對`)
	noWords  = words(`no n nope nah wrong não nao non nein nicht нет hayır hayir tidak bukan नहीं 아니요 아니오 아뇨 いいえ 不 不是 不对 不對`)
)

// TakesBack reports whether a text is nothing but a wish to leave things as they are: cancel, never mind.
func TakesBack(text string) bool {
	said := unended(text)
	said = strings.Join(strings.FieldsFunc(said, func(r rune) bool { return r == ' ' || r == ',' }), " ")
	for _, lead := range []string{"no ", "actually ", "ok ", "oh ", "please "} {
		said = strings.TrimPrefix(said, lead)
	}
	return takesBack[strings.TrimSuffix(said, " please")]
}

var takesBack = phrases(`cancel|cancel it|cancel that|cancel this|never mind|nevermind|nvm|forget it|forget that|forget about it|forget about that|scrap it|scrap that|drop it|
	leave it|leave it be|stop|stop it|stop that|abort|abort it|cancela|cancelar|cancélalo|cancelalo|olvídalo|olvidalo|déjalo|dejalo|esquece|esqueça|deixa|deixa pra lá|annule|annuler|
	laisse tomber|oublie|oublie ça|annulla|lascia perdere|lascia stare|abbrechen|abbruch|vergiss es|lass es|lass gut sein|batal|batalkan|lupakan|iptal|iptal et|boşver|vazgeç|отмена|
	отмени|забудь|не надо|रद्द करो|रद्द करें|रहने दो|취소|취소해|됐어|キャンセル|取り消し|やめて|やめる|取消|算了`)

func phrases(list string) map[string]bool {
	set := map[string]bool{}
	for p := range strings.SplitSeq(list, "|") {
		set[strings.TrimSpace(p)] = true
	}
	return set
}
