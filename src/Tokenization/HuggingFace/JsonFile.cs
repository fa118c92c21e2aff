using System.Text.Json;

namespace Grid.Tokenization.HuggingFace;

/// <summary>Reads a whole JSON file.</summary>
internal static class JsonFile
{
    /// <exception cref="TokenizerException">The file is not JSON, or not what <paramref name="read"/> expects.</exception>
    public static T Read<T>(string path, Func<JsonComponent, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return read(new JsonComponent(path, "", document.RootElement));
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw new TokenizerException(path, "root", $"the file is not valid JSON: {fault.Message}", fault);
        }
    }

    /// <summary>The same, or <paramref name="absent"/> where there is no such file.</summary>
    public static T ReadIfPresent<T>(string path, Func<JsonComponent, T> read, T absent) => File.Exists(path) ? Read(path, read) : absent;
}
