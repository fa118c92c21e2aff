using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grid.TestUtilities.Simulation;

namespace Grid.TestUtilities.Load;

/// <summary>Makes requests by number: the same number, the same request.</summary>
public static class LoadRequests
{
    private const int Kinds = 5;

    /// <summary>
    /// Requests to a model of the source sim, with what must come: of five, three stream completions, one streams a chat, one does not
    /// stream.
    /// </summary>
    /// <param name="model">The model's name.</param>
    /// <param name="tokens">Tokens of each output.</param>
    /// <param name="vocab">The model's logits a token.</param>
    /// <param name="streamsOnly">Whether all stream.</param>
    public static Func<int, LoadRequest> ToSim(string model, int tokens, int vocab = 32000, bool streamsOnly = false) => number =>
    {
        var kind = number % Kinds;
        var content = string.Create(CultureInfo.InvariantCulture, $"Request {number}: {new string('x', number % 61)} go on.");
        var isChat = kind == 2;
        var isStream = streamsOnly || kind != 4;
        var prompt = isChat ? SimOracle.EncodeChat(content) : SimOracle.Encode(content);
        var output = SimOracle.Greedy(prompt, tokens, vocab);
        return Make(model, content, tokens, isChat, isStream,
            new ExpectedAnswer(output, SimOracle.Decode(output), "length", prompt.Length));
    };

    /// <summary>A greedy request whose answer has all its tokens.</summary>
    public static LoadRequest Make(string model, string content, int tokens, bool isChat, bool isStream, ExpectedAnswer? expected)
    {
        var body = new JsonObject
        {
            ["model"] = model, ["max_tokens"] = tokens, ["temperature"] = 0, ["ignore_eos"] = true,
            ["return_token_ids"] = true, ["stream"] = isStream
        };
        if (isStream) body["stream_options"] = new JsonObject { ["include_usage"] = true };
        if (isChat) body["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = content });
        else body["prompt"] = content;
        return new LoadRequest(isChat ? "/v1/chat/completions" : "/v1/completions", body.ToJsonString(JsonSerializerOptions.Default),
            isStream, expected);
    }
}
