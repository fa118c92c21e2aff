using System.Text.Json;
using System.Text.Json.Serialization;

namespace Grid.Abstractions.Http;

/// <summary>How far one choice had come.</summary>
/// <param name="Tokens">Output ids whose events were whole.</param>
/// <param name="Bytes">UTF-8 bytes of text that the client has.</param>
/// <param name="Finish">Its finish reason, or null while it runs.</param>
/// <param name="Opened">Whether any data event of it was whole: the role chunk is not sent again.</param>
/// <param name="Extra">What the silo's comments carried under "x", in order: the gateway keeps it and gives it back unread.</param>
public sealed record ResumeChoice(
    [property: JsonPropertyName(ResumeKeys.Tokens)] int[] Tokens,
    [property: JsonPropertyName(ResumeKeys.Bytes)] int Bytes,
    [property: JsonPropertyName(ResumeKeys.Finish)] string? Finish,
    [property: JsonPropertyName(ResumeKeys.Opened)] bool Opened,
    [property: JsonPropertyName(ResumeKeys.Extra)] JsonElement[] Extra);
