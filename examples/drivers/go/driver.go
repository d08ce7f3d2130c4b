// A chat client, and chatproof's client protocol before it: a request a line on stdin, its answer a line on stdout.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
)

type message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

type request struct {
	Id, At                      int
	Op, Conversation, Text, New string
	Messages                    []message
	Model, System_prompt        string
	Base_url, Api_key           string
}

var setup request
var chats map[string][]message

// say sends the last ten messages of a conversation with the new one.
func say(name, text string) (string, error) {
	kept := chats[name]
	question := message{"user", text}
	messages := []message{{"system", setup.System_prompt}}
	messages = append(append(messages, kept[max(len(kept)-10):]...), question)
	body, _ := json.Marshal(map[string]any{"model": setup.Model, "messages": messages})
	post, _ := http.NewRequest("POST", setup.Base_url+"/chat/completions", bytes.NewReader(body))
	post.Header.Set("content-type", "application/json")
	post.Header.Set("authorization", "Bearer "+setup.Api_key)
	answer, err := http.DefaultClient.Do(post)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	var read struct {
		Choices []struct{ Message message }
	}
	if err := json.NewDecoder(answer.Body).Decode(&read); err != nil || answer.StatusCode != 200 {
		return "", fmt.Errorf("status %d: %v", answer.StatusCode, err)
	}
	if len(read.Choices) == 0 || read.Choices[0].Message.Content == "" {
		return "", fmt.Errorf("the answer has no text")
	}
	reply := read.Choices[0].Message.Content
	chats[name] = append(kept, question, message{"assistant", reply})
	return reply, nil
}

func max(n int) int {
	if n < 0 {
		return 0
	}
	return n
}

func main() {
	in, out := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	for {
		var r request
		if in.Decode(&r) != nil {
			return
		}
		answer := map[string]any{"ok": true}
		switch r.Op {
		case "open":
			setup, chats = r, map[string][]message{}
			answer["can"] = []string{"conversation", "clear", "fork", "load"}
		case "say":
			if reply, err := say(r.Conversation, r.Text); err != nil {
				answer = map[string]any{"error": err.Error()}
			} else {
				answer = map[string]any{"reply": reply}
			}
		case "clear":
			delete(chats, r.Conversation)
		case "fork":
			chats[r.New] = append([]message{}, chats[r.Conversation][:2*r.At]...)
		case "load":
			chats[r.New] = r.Messages
		case "close":
		default:
			answer = map[string]any{"cannot": r.Op}
		}
		answer["id"] = r.Id
		out.Encode(answer)
	}
}
