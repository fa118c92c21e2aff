namespace Grid.Tokenization.HuggingFace;

internal static class PostProcessorReader
{
    private const string Supported = "ByteLevel, TemplateProcessing, Sequence";

    public static TokenTemplate Read(JsonComponent processor) => processor.Type switch
    {
        "ByteLevel" => TokenTemplate.Empty,
        "TemplateProcessing" => ReadTemplate(processor),
        "Sequence" => processor.Items("processors").Select(Read).Aggregate(TokenTemplate.Empty, Wrap),
        _ => throw processor.UnsupportedType(Supported),
    };

    private static TokenTemplate Wrap(TokenTemplate inner, TokenTemplate outer) =>
        new([.. outer.Before, .. inner.Before], [.. inner.After, .. outer.After]);

    private static TokenTemplate ReadTemplate(JsonComponent processor)
    {
        List<int> before = [], after = [];
        var texts = 0;
        foreach (var part in processor.Items("single"))
        {
            if (part.Find("SpecialToken") is { } special) (texts == 0 ? before : after).AddRange(Ids(processor, special));
            else if (part.Find("Sequence") is not null) texts++;
            else throw part.Fault("a part of a template is 'SpecialToken' or 'Sequence'");
        }
        if (texts != 1) throw processor.Get("single").Fault($"a template holds the text once, this one {texts} times");
        return new TokenTemplate([.. before], [.. after]);
    }

    private static IEnumerable<int> Ids(JsonComponent processor, JsonComponent special) =>
        processor.Get("special_tokens").Get(special.Get("id").Text()).Items("ids").Select(id => id.Integer());
}
