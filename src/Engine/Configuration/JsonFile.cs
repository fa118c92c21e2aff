using System.Text.Json;

namespace Grid.Engine.Configuration;

/// <summary>JSON files of a model folder, with errors that name the file.</summary>
internal static class JsonFile
{
    // What Hugging Face's own files have stays far below.
    private const long MaxLength = 256L << 20;

    private static readonly JsonDocumentOptions Options =
        new() { AllowDuplicateProperties = false, AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>The file, whose root is an object.</summary>
    public static JsonDocument Read(string path)
    {
        return Guard(path, () =>
        {
            if (new FileInfo(path).Length is > MaxLength and var length)
                throw new ModelLoadException($"{path}: must take at most {MaxLength} bytes; got {length}.");
            var document = JsonDocument.Parse(File.ReadAllBytes(path), Options);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
            document.Dispose();
            throw new ModelLoadException($"{path}: must be a JSON object.");
        });
    }

    /// <summary>Runs a reader and names the file in what it throws.</summary>
    public static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ModelLoadException($"{path} is not there.", ModelLoadFault.NotFound, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelLoadException($"{path} cannot be read: {e.Message}", ModelLoadFault.Broken, e);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ModelLoadException($"{path} is not valid JSON: {e.Message}", ModelLoadFault.Broken, e);
        }
    }
}
