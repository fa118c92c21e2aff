using System.Text.Encodings.Web;
using System.Text.Json;

namespace Grid.Hosting.Http;

/// <summary>How JSON is written: characters as they are, as OpenAI does.</summary>
public static class JsonText
{
    /// <summary>For objects.</summary>
    public static JsonSerializerOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>For writers.</summary>
    public static JsonWriterOptions WriterOptions { get; } =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
}
