using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Grid.Gateway.Tests.Fakes;

/// <summary>
/// A model whose choices are fixed texts and whose tokens are their bytes, so that characters come in halves. The order of its events
/// depends on the choices' progress alone, so that a resumed stream is byte for byte the unbroken one.
/// </summary>
internal static class FakeModel
{
    private static readonly byte[][] Texts = [Encoding.UTF8.GetBytes("Grüße, 世界! ✓"), Encoding.UTF8.GetBytes("kurz"),
        Encoding.UTF8.GetBytes("naïve 🙂")];

    /// <summary>The events of a call, each with its comments and its blank line.</summary>
    public static List<string> Events(FakeCall call, FakePlan plan)
    {
        var stream = new FakeStream(call, plan);
        stream.Run();
        return stream.Events;
    }

    /// <summary>What the client of an unbroken run sees.</summary>
    public static string Client(FakeCall call)
    {
        var whole = string.Concat(Events(Begin(call), FakePlan.Answer));
        var lines = whole.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).ToList();
        return IsStream(call.Body) ? string.Concat(lines.Select(line => line + "\n\n")) : lines.Single()["data: ".Length..];
    }

    public static byte[] TextOf(int choice) => Texts[choice % Texts.Length];

    /// <summary>How many of the bytes are whole characters.</summary>
    public static int WholeBytes(byte[] text, int tokens)
    {
        var end = tokens;
        while (end < text.Length && end > 0 && (text[end] & 0xC0) == 0x80) end--;
        return end;
    }

    public static bool IsStream(JsonElement body) => body.TryGetProperty("stream", out var stream) && stream.GetBoolean();

    public static int NumChoices(JsonElement body)
    {
        var n = body.TryGetProperty("n", out var value) ? value.GetInt32() : 1;
        return n * (body.TryGetProperty("prompt", out var prompt) && prompt.ValueKind == JsonValueKind.Array
            && prompt[0].ValueKind != JsonValueKind.Number ? prompt.GetArrayLength() : 1);
    }

    public static string Json(object value) => JsonSerializer.Serialize(value);

    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static FakeCall Begin(FakeCall call) => new()
    {
        Path = call.Path,
        Rank = call.Rank,
        Attempt = 0,
        Epoch = call.Epoch,
        Seed = call.Seed,
        Created = call.Created,
        RequestId = call.RequestId,
        Headers = call.Headers,
        Body = call.Body,
    };
}
