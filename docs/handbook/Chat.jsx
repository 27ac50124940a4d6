import { useChat } from "@ai-sdk/react";
import { DefaultChatTransport } from "ai";
import { useState } from "react";

const bearer = (token) => ({ authorization: `Bearer ${token()}` });

export const loadMessages = async (api, token, sessionId) =>
	(await fetch(`${api}/sessions/${sessionId}/messages`, { headers: bearer(token) })).json();

export function Chat({ api, token, sessionId, stored, onSession }) {
	const [text, setText] = useState("");
	const [transport] = useState(
		() => new DefaultChatTransport({ api: `${api}/chat`, headers: () => bearer(token), body: { sessionId } }),
	);
	const [opened] = useState({ id: sessionId, messages: stored, resume: Boolean(sessionId), transport });
	const onData = ({ type, data }) => type === "data-session" && onSession(data.sessionId);
	const { id, messages, sendMessage, status, error } = useChat({ ...opened, onData });
	const running = status === "submitted" || status === "streaming";
	const stop = () => fetch(`${api}/chat/${id}/stop`, { method: "POST", headers: bearer(token) });
	const send = () => (sendMessage({ text }), setText(""));
	return (
		<form onSubmit={(event) => event.preventDefault()}>
			{messages.map(({ id, role, parts }) => (
				<p key={id} className={role}>{parts.map((part) => part.type === "text" && part.text)}</p>
			))}
			{error && <p role="alert">{error.message}</p>}
			<textarea aria-label="Message" value={text} onChange={(event) => setText(event.target.value)} />
			<button onClick={running ? stop : send}>{running ? "Stop" : "Send"}</button>
		</form>
	);
}
