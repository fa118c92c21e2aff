using System.Text.Json;

namespace Grid.Tokenization.HuggingFace;

/// <summary>Finds a model's chat templates.</summary>
internal static class ChatTemplateReader
{
    /// <summary>
    /// chat_template.jinja with additional_chat_templates/NAME.jinja, else chat_template.json, else tokenizer_config.json's
    /// <c>chat_template</c>: a string or a list of <c>{name, template}</c>.
    /// </summary>
    public static ChatTemplateSource Read(string folder)
    {
        var templates = ReadFiles(folder);
        foreach (var file in (ReadOnlySpan<string>)["chat_template.json", "tokenizer_config.json"])
            if (templates.Count == 0) templates = JsonFile.ReadIfPresent(Path.Combine(folder, file), ReadField, templates);
        return new ChatTemplateSource(templates);
    }

    private static Dictionary<string, string> ReadFiles(string folder)
    {
        var templates = new Dictionary<string, string>(StringComparer.Ordinal);
        var main = Path.Combine(folder, "chat_template.jinja");
        if (File.Exists(main)) templates[ChatTemplateSource.DefaultName] = File.ReadAllText(main);
        var more = Path.Combine(folder, "additional_chat_templates");
        if (!Directory.Exists(more)) return templates;
        foreach (var path in Directory.GetFiles(more, "*.jinja"))
            templates[Path.GetFileNameWithoutExtension(path)] = File.ReadAllText(path);
        return templates;
    }

    private static Dictionary<string, string> ReadField(JsonComponent root)
    {
        var templates = new Dictionary<string, string>(StringComparer.Ordinal);
        if (root.Find("chat_template") is not { } field) return templates;
        if (field.Element.ValueKind == JsonValueKind.String) templates[ChatTemplateSource.DefaultName] = field.Text();
        else
            foreach (var named in root.Items("chat_template")) templates[named.Get("name").Text()] = named.Get("template").Text();
        return templates;
    }
}
