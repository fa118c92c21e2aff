using System.Text.Json;

namespace Grid.Tokenization.HuggingFace;

/// <summary>Reads tokenizer_config.json, special_tokens_map.json and the files beside them.</summary>
internal static class TokenizerConfigReader
{
    private const string Additional = "additional_special_tokens";

    private static readonly string[] Names = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];

    public static TokenizerConfig Read(string folder)
    {
        var special = new Dictionary<string, string>(StringComparer.Ordinal);
        var additional = new List<string>();
        // The configuration wins over the map, which older files have in its place.
        JsonFile.ReadIfPresent(Path.Combine(folder, "special_tokens_map.json"), map => ReadSpecialTokens(map, special, additional), false);
        var config = JsonFile.ReadIfPresent(Path.Combine(folder, "tokenizer_config.json"), root => ReadConfig(root, special, additional),
            new TokenizerConfig());
        return config with
        {
            SpecialTokens = special,
            AdditionalSpecialTokens = [.. additional.Distinct()],
            AddBosToken = config.AddBosToken ?? AddsBosByFamily(folder),
            ChatTemplate = ChatTemplateReader.Read(folder),
        };
    }

    private static TokenizerConfig ReadConfig(JsonComponent root, Dictionary<string, string> special, List<string> additional)
    {
        ReadSpecialTokens(root, special, additional);
        return new TokenizerConfig
        {
            AddBosToken = root.Find("add_bos_token")?.Flag(),
            AddEosToken = root.Find("add_eos_token")?.Flag(),
            AddPrefixSpace = root.Find("add_prefix_space")?.Flag(),
        };
    }

    private static bool ReadSpecialTokens(JsonComponent root, Dictionary<string, string> special, List<string> additional)
    {
        foreach (var name in Names)
            if (root.Find(name) is { } token) special[name] = Content(token);
        additional.AddRange(root.Items(Additional).Select(Content));
        return true;
    }

    private static string Content(JsonComponent token) =>
        token.Element.ValueKind == JsonValueKind.Object ? token.Get("content").Text() : token.Text();

    /// <summary>OPT's tokenizer puts its BOS in front even where the configuration does not say so.</summary>
    private static bool? AddsBosByFamily(string folder) =>
        JsonFile.ReadIfPresent(Path.Combine(folder, "config.json"), config => config.GetString("model_type", "") == "opt", false)
            ? true
            : null;
}
