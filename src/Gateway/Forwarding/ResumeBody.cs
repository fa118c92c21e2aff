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
        json.WriteString(ResumeKeys.Path, request.Path);
        json.WritePropertyName(ResumeKeys.Body);
        // It was read as JSON when it came.
        json.WriteRawValue(request.Body.Span, skipInputValidation: true);
        json.WriteString(ResumeKeys.RequestId, request.RequestId);
        json.WriteNumber(ResumeKeys.Created, request.Created);
        json.WriteNumber(ResumeKeys.Seed, request.Seed);
        json.WriteNumber(ResumeKeys.Attempt, request.Attempt);
        json.WriteNumber(ResumeKeys.Epoch, epoch);
        json.WriteStartArray(ResumeKeys.Choices);
        foreach (var choice in request.AllChoices()) WriteChoice(json, choice);
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void WriteChoice(Utf8JsonWriter json, ChoiceProgress choice)
    {
        json.WriteStartObject();
        json.WriteStartArray(ResumeKeys.Tokens);
        foreach (var token in choice.Tokens) json.WriteNumberValue(token);
        json.WriteEndArray();
        json.WriteNumber(ResumeKeys.Bytes, choice.Bytes);
        json.WriteString(ResumeKeys.Finish, choice.Finish);
        json.WriteBoolean(ResumeKeys.Opened, choice.IsOpened);
        json.WriteStartArray(ResumeKeys.Extra);
        foreach (var extra in choice.Extra ?? []) json.WriteRawValue(extra, skipInputValidation: true);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
