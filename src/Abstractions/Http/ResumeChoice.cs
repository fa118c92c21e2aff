using System.Text.Json;
using System.Text.Json.Serialization;

namespace Grid.Abstractions.Http;

/// <summary>How much of one choice the client has.</summary>
/// <param name="Tokens">The output ids whose events were complete.</param>
/// <param name="Bytes">The number of UTF-8 bytes of text that the client has.</param>
/// <param name="Finish">Its finish reason; null while it runs.</param>
/// <param name="Opened">Whether any of its data events was complete; the role chunk is not sent again then.</param>
/// <param name="Extra">What the silo's comments carried under "x", in order: the gateway keeps it and gives it back unread.</param>
public sealed record ResumeChoice(
    [property: JsonPropertyName(ResumeKeys.Tokens)] int[] Tokens,
    [property: JsonPropertyName(ResumeKeys.Bytes)] int Bytes,
    [property: JsonPropertyName(ResumeKeys.Finish)] string? Finish,
    [property: JsonPropertyName(ResumeKeys.Opened)] bool Opened,
    [property: JsonPropertyName(ResumeKeys.Extra)] JsonElement[] Extra);
