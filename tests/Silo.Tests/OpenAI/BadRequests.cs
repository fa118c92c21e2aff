using System.Text;

namespace Grid.Silo.Tests.OpenAI;

/// <summary>Requests that break a rule, each with the status and the field that its error must name.</summary>
internal static class BadRequests
{
    private const string Completions = "v1/completions", Chat = "v1/chat/completions";
    private const string CompletionStart = """{"model":"sim","prompt":"Hello",""",
        ChatStart = """{"model":"sim","messages":[{"role":"user","content":"Hi"}],""";

    /// <summary>One request.</summary>
    /// <param name="Path">Where it goes.</param>
    /// <param name="Body">What is sent.</param>
    /// <param name="Status">What must come back.</param>
    /// <param name="Names">What the message or <c>param</c> must hold.</param>
    internal sealed record Case(string Path, byte[] Body, int Status, string Names)
    {
        public Case(string path, string body, string names, int status = 400) : this(path, Encoding.UTF8.GetBytes(body), status, names)
        {
        }
    }

    public static IEnumerable<Case> All() =>
        [.. WrongTypes(), .. OutOfRange(), .. Unsupported(), .. Prompts(), .. Messages(), .. Bodies(), .. Tokens(), .. Conflicts()];

    private static IEnumerable<Case> WrongTypes()
    {
        string[] numbers = ["temperature", "top_p", "min_p", "presence_penalty", "frequency_penalty", "repetition_penalty"];
        string[] integers = ["n", "top_k", "max_tokens", "max_completion_tokens", "min_tokens", "seed", "logprobs", "prompt_logprobs",
            "priority"];
        string[] booleans = ["stream", "echo", "ignore_eos", "include_stop_str_in_output", "skip_special_tokens", "return_token_ids",
            "add_special_tokens"];
        string[] lists = ["stop_token_ids", "allowed_token_ids", "bad_words"];
        foreach (var name in (string[])[.. numbers, .. integers])
            foreach (var value in (string[])["\"1\"", "true", "[1]", "{}"]) yield return With(name, value);
        foreach (var name in integers)
            foreach (var value in (string[])["1.5", "1e400", "99999999999999999999"]) yield return With(name, value);
        foreach (var name in booleans)
            foreach (var value in (string[])["\"true\"", "1", "[]"]) yield return With(name, value);
        foreach (var name in lists)
            foreach (var value in (string[])["\"a\"", "7", "{}", "[[]]", "[null]"]) yield return With(name, value);
        foreach (var value in (string[])["7", "{}", "[7]", "[\"\"]", "\"\""]) yield return With("stop", value);
        foreach (var value in (string[])["\"x\"", "[]", "7", "{\"a\":1}", "{\"300\":\"x\"}", "{\"300\":101}", "{\"99999\":1}",
            "{\"-1\":1}"]) yield return With("logit_bias", value);
        foreach (var value in (string[])["7", "[]", "\"x\""]) yield return With("stream_options", value);
        foreach (var value in (string[])["7", "\"\"", "[]"]) yield return With("cache_salt", value);
        foreach (var value in (string[])["7", "[]", "\"x\""])
            yield return new(Chat, ChatStart + $"\"chat_template_kwargs\":{value}}}", "chat_template_kwargs");
        foreach (var name in (string[])["messages", "x"])
            yield return new(Chat, ChatStart + $"\"chat_template_kwargs\":{{\"{name}\":[\"\\ud800\"]}}}}", $"chat_template_kwargs.{name}");
        foreach (var value in (string[])["1", "\"true\"", "[]"]) yield return new(Chat, ChatStart + $"\"logprobs\":{value}}}", "logprobs");
        foreach (var value in (string[])["7", "[]", "{}", "true"])
            yield return new(Completions, $$"""{"model":{{value}},"prompt":"x"}""", "model");
    }

    private static IEnumerable<Case> OutOfRange()
    {
        (string Name, string Value)[] values =
        [
            ("temperature", "-0.1"), ("temperature", "-1e308"), ("temperature", "1e999"), ("top_p", "0"), ("top_p", "1.01"),
                ("top_p", "-1"), ("top_k", "-2"), ("min_p", "-0.1"), ("min_p", "1.1"),
            ("presence_penalty", "2.1"), ("presence_penalty", "-2.1"), ("frequency_penalty", "3"), ("frequency_penalty", "-3"),
                ("repetition_penalty", "0"), ("repetition_penalty", "-1"),
            ("n", "0"), ("n", "-1"), ("n", "129"), ("n", "2147483647"), ("max_tokens", "0"), ("max_tokens", "-1"), ("max_tokens", "8188"),
                ("max_tokens", "2147483647"), ("min_tokens", "-1"), ("min_tokens", "17"),
            ("logprobs", "-2"), ("logprobs", "21"), ("logprobs", "-1"), ("prompt_logprobs", "-2"), ("prompt_logprobs", "21"),
                ("priority", "1"), ("stop_token_ids", "[32000]"), ("stop_token_ids", "[-1]"),
            ("allowed_token_ids", "[]"), ("allowed_token_ids", "[32000]"), ("bad_words", "[\"\"]"),
                ("stop", "[" + string.Join(',', Enumerable.Range(0, 17).Select(i => $"\"{i}\"")) + "]"),
        ];
        foreach (var (name, value) in values) yield return With(name, value);
        foreach (var value in (string[])["21", "-2", "2147483647"])
            yield return new(Chat, ChatStart + $"\"logprobs\":true,\"top_logprobs\":{value}}}", "top_logprobs");
        yield return new(Completions, $$"""{"model":"sim","prompt":"{{new string('x', 8192)}}"}""", "8192");
        yield return new(Chat, $$"""{"model":"sim","messages":[{"role":"user","content":"{{new string('x', 8192)}}"}]}""", "messages");
    }

    private static IEnumerable<Case> Unsupported()
    {
        string[] names =
        [
            "tools", "tool_choice", "functions", "function_call", "response_format", "structured_outputs", "guided_json", "guided_regex",
                "guided_choice", "guided_grammar",
            "audio", "modalities", "prediction", "reasoning_effort", "web_search_options", "documents", "chat_template",
                "continue_final_message", "truncate_prompt_tokens", "use_beam_search",
        ];
        foreach (var name in names) yield return new(Chat, ChatStart + $"\"{name}\":{Something(name)}}}", name);
        foreach (var (name, value) in new[] { ("suffix", "\"x\""), ("best_of", "2"), ("prompt_embeds", "\"x\""), ("length_penalty", "2"),
            ("logits_processors", "[1]") }) yield return With(name, value);
        yield return new(Chat, ChatStart + "\"echo\":true}", "echo");

        static string Something(string name) => name switch
        {
            "response_format" => """{"type":"json_object"}""",
            "tool_choice" => "\"auto\"",
            "continue_final_message" or "use_beam_search" => "true",
            "modalities" => """["audio"]""",
            _ => """[{"type":"x"}]""",
        };
    }

    private static IEnumerable<Case> Prompts()
    {
        foreach (var value in (string[])["null", "7", "{}", "true", "[]", "[true]", "[null]", "[{}]", "[[]]", "[\"a\",7]", "[7,\"a\"]",
            "[[7],\"a\"]", "[[7],[\"a\"]]", "[1.5]", "[-1]", "[32000]", "[9999999999]", "\"\"", "[\"\"]", "[\"a\",\"\"]"])
            yield return new(Completions, $$"""{"model":"sim","prompt":{{value}}}""", "prompt");
        yield return new(Completions, """{"model":"sim"}""", "prompt");
        yield return new(Completions, """{"prompt":"x"}""", "model");
        yield return new(Completions, """{"model":"","prompt":"x"}""", "model");
        yield return new(Completions, """{"model":"gpt-5","prompt":"x"}""", "gpt-5", 404);
        yield return new(Completions, $$"""{"model":"{{new string('m', 5000)}}","prompt":"x"}""", "mmm", 404);
        yield return new(Completions, $$"""{"model":"sim","prompt":[{{string.Join(',', Enumerable.Repeat("\"x\"", 600))}}],"n":2}""",
            "prompts x n");
        yield return new(Completions, """{"model":"sim","prompt":"\ud800"}""", "prompt");
    }

    private static IEnumerable<Case> Messages()
    {
        (string Value, string Names)[] values =
        [
            ("null", "messages"), ("7", "messages"), ("\"Hi\"", "messages"), ("{}", "messages"), ("[]", "messages"), ("[7]", "messages[0]"),
                ("[null]", "messages[0]"), ("[[]]", "messages[0]"),
            ("""[{}]""", "messages[0].role"), ("""[{"role":7,"content":"x"}]""", "messages[0].role"),
                ("""[{"role":"","content":"x"}]""", "messages[0].role"),
            ("""[{"role":"user"}]""", "messages[0].content"), ("""[{"role":"user","content":null}]""", "messages[0].content"),
                ("""[{"role":"user","content":7}]""", "messages[0].content"),
            ("""[{"role":"user","content":{}}]""", "messages[0].content"),
                ("""[{"role":"user","content":[7]}]""", "messages[0].content[0]"),
            ("""[{"role":"user","content":[{"text":"x"}]}]""", "messages[0].content[0].type"),
                ("""[{"role":"user","content":[{"type":"text"}]}]""", "messages[0].content[0].text"),
            ("""[{"role":"user","content":[{"type":"image_url","image_url":{"url":"x"}}]}]""", "messages[0].content[0].type"),
            ("""[{"role":"user","content":"a"},{"role":"tool","content":"x"}]""", "messages[1].role"),
            ("""[{"role":"assistant","content":"a","tool_calls":[{"id":"1"}]}]""", "messages[0].tool_calls"),
                ("""[{"role":"user","content":"\udc00"}]""", "messages[0].content"),
            ("""[{"role":"user","content":"a","name":7}]""", "messages[0].name"),
        ];
        foreach (var (value, names) in values) yield return new(Chat, $$"""{"model":"sim","messages":{{value}}}""", names);
        yield return new(Chat, """{"model":"sim"}""", "messages");
    }

    private static IEnumerable<Case> Bodies()
    {
        foreach (var body in (string[])["", " ", "{", "[]", "7", "\"x\"", "null", "{\"model\":\"sim\",}", "{'model':1}", "not json",
            "{\"model\":\"sim\"} x", "\u0000", "{\"model\":\"sim\",\"prompt\":\"\n\"}"])
            yield return new(Completions, body, "body");
        yield return new(Completions, "{\"a\":" + new string('[', 64) + new string(']', 64) + "}", "64");
        yield return new(Completions, new string('[', 100_000), "64");
        yield return new(Completions, [.. Encoding.UTF8.GetBytes(CompletionStart + "\"user\":\""), 0xC3, 0x28, (byte)'"', (byte)'}'], 400,
            "UTF-8");
        yield return new(Completions, CompletionStart + "\"\\ud800\":1}", "surrogate");
        yield return new(Completions, CompletionStart + "\"logit_bias\":{\"\\udc00\":1}}", "surrogate");
        yield return new(Chat, """{"model":"sim","messages":[{"role":"user","content":"x","\ud83d":1}]}""", "surrogate");
        yield return new(Completions, [0xFF, 0xFE, 0x7B, 0x00], 400, "UTF-8");
        yield return new(Completions, $$"""{"model":"sim","prompt":"{{new string('x', 10_000_000)}}"}""", "8388608", 413);
        yield return new(Chat, $$"""{"model":"sim","messages":[{"role":"user","content":"{{new string('x', 10_000_000)}}"}]}""", "8388608",
            413);
    }

    private static IEnumerable<Case> Tokens()
    {
        yield return new("tokenize", """{"model":"sim"}""", "prompt");
        yield return new("tokenize", """{"model":"sim","prompt":"x","messages":[]}""", "messages");
        yield return new("tokenize", """{"model":"sim","prompt":7}""", "prompt");
        yield return new("tokenize", """{"model":"sim","prompt":"x","add_special_tokens":1}""", "add_special_tokens");
        yield return new("tokenize", """{"model":"other","prompt":"x"}""", "other", 404);
        yield return new("detokenize", """{"model":"sim"}""", "tokens");
        yield return new("detokenize", """{"model":"sim","tokens":"x"}""", "tokens");
        yield return new("detokenize", """{"model":"sim","tokens":[-1]}""", "tokens");
        yield return new("detokenize", """{"model":"sim","tokens":[32000]}""", "tokens");
        yield return new("detokenize", """{"model":"sim","tokens":[1.5]}""", "tokens[0]");
    }

    private static IEnumerable<Case> Conflicts()
    {
        yield return With("stream_options", """{"include_usage":true}""");
        yield return new(Completions, CompletionStart + "\"stream\":true,\"prompt_logprobs\":1}", "prompt_logprobs");
        yield return new(Completions, CompletionStart + "\"stream\":true,\"stream_options\":{\"include_usage\":1}}",
            "stream_options.include_usage");
        yield return new(Chat, ChatStart + "\"top_logprobs\":3}", "top_logprobs");
        yield return new(Completions, CompletionStart + "\"max_tokens\":4,\"min_tokens\":5}", "min_tokens");
        yield return new(Completions, CompletionStart + "\"detokenize\":false,\"stop\":\"x\"}", "stop");
    }

    private static Case With(string name, string value) =>
        new(Completions, CompletionStart + $"\"{name}\":{value}}}", name == "max_completion_tokens" ? "max_" : name);
}
