using System.Buffers;
using System.Text.Json;
using Grid.Abstractions.Http;

namespace Grid.Gateway.Forwarding;

/// <summary>Writes a <see cref="ResumeRequest"/> from a request's progress.</summary>
internal static class ResumeBody
{
    private const int BytesPerToken = 8;

    public static ReadOnlyMemory<byte> Write(GatewayRequest request, long epoch)
    {
        var buffer = new ArrayBufferWriter<byte>(request.Body.Length + ((int)Math.Min(request.Tokens, 1 << 20) * BytesPerToken) + 1024);
        using var json = new Utf8JsonWriter(buffer, JsonText.WriterOptions);
        json.WriteStartObject();
        json.WriteString("path"u8, request.Path);
        json.WritePropertyName("body"u8);
        // It was read as JSON when it came.
        json.WriteRawValue(request.Body.Span, skipInputValidation: true);
        json.WriteString("requestId"u8, request.RequestId);
        json.WriteNumber("created"u8, request.Created);
        json.WriteNumber("seed"u8, request.Seed);
        json.WriteNumber("attempt"u8, request.Attempt);
        json.WriteNumber("epoch"u8, epoch);
        json.WriteStartArray("choices"u8);
        foreach (var choice in request.AllChoices()) WriteChoice(json, choice);
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void WriteChoice(Utf8JsonWriter json, ChoiceProgress choice)
    {
        json.WriteStartObject();
        json.WriteStartArray("tokens"u8);
        foreach (var token in choice.Tokens) json.WriteNumberValue(token);
        json.WriteEndArray();
        json.WriteNumber("bytes"u8, choice.Bytes);
        json.WriteString("finish"u8, choice.Finish);
        json.WriteBoolean("opened"u8, choice.IsOpened);
        json.WriteStartArray("extra"u8);
        foreach (var extra in choice.Extra ?? []) json.WriteRawValue(extra, skipInputValidation: true);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
