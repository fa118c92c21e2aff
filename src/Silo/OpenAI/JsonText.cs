using System.Text.Encodings.Web;
using System.Text.Json;

namespace Grid.Silo.OpenAI;

/// <summary>How JSON is written: characters as they are, as OpenAI does.</summary>
internal static class JsonText
{
    public static JsonSerializerOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonWriterOptions WriterOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
}
