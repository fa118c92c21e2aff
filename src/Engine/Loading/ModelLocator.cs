using System.Text.RegularExpressions;

namespace Grid.Engine.Loading;

/// <summary>Finds the folder or file that a model's name means.</summary>
internal static partial class ModelLocator
{
    /// <summary>The folder or the GGUF file.</summary>
    /// <param name="model">A folder, a GGUF file, or <c>owner/name</c> in the hub's cache.</param>
    /// <param name="revision">Of the hub's model.</param>
    /// <param name="cache">Where hub models lie.</param>
    /// <exception cref="ModelLoadException">There is no such model.</exception>
    public static string Find(string model, string? revision, HubCache cache)
    {
        if (model.Length == 0) throw new ModelLoadException("No model is given: name a folder, a GGUF file, owner/name or sim.", ModelLoadFault.Layout);
        if (File.Exists(model)) return RequireGguf(model);
        if (Directory.Exists(model)) return InFolder(model);
        if (!HubId().IsMatch(model)) throw new ModelLoadException($"{model} is neither a folder nor a GGUF file.", ModelLoadFault.NotFound);
        if (cache.Find(model, revision) is { } snapshot) return InFolder(snapshot);
        throw new ModelLoadException(
            $"{model} is neither a folder nor a GGUF file, and the hub's cache {cache.Root} does not hold it at revision {revision ?? "main"}. `grid pull {model}` fetches it.",
            ModelLoadFault.NotFound);
    }

    // A repository of quantized files often holds nothing but one of them.
    private static string InFolder(string folder)
    {
        if (File.Exists(Path.Combine(folder, "config.json"))) return folder;
        return Directory.GetFiles(folder, "*.gguf") switch
        {
            [var single] => single,
            [] => throw new ModelLoadException($"{folder} holds no model: neither config.json nor a GGUF file.", ModelLoadFault.NotFound),
            var many => throw new ModelLoadException($"{folder} holds {many.Length} GGUF files. Name one of them.", ModelLoadFault.NotFound),
        };
    }

    private static string RequireGguf(string file) => file.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase)
        ? file
        : throw new ModelLoadException($"{file} is not a model: a single file must end in .gguf.");

    [GeneratedRegex(@"^\w[\w.-]*/\w[\w.-]*$")]
    private static partial Regex HubId();
}
