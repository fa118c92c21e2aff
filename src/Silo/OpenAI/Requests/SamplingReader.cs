using System.Globalization;
using Grid.Engine.Requests;

namespace Grid.Silo.OpenAI.Requests;

/// <summary>Reads the sampling fields that chat and completions share. Their limits are checked with the prompt.</summary>
internal static class SamplingReader
{
    /// <param name="fields">The fields of the request body.</param>
    /// <param name="defaults">The values of absent fields.</param>
    public static SamplingParams Read(JsonFields fields, SamplingParams defaults) => defaults with
    {
        N = fields.Int("n") ?? defaults.N,
        Temperature = fields.Number("temperature") ?? defaults.Temperature,
        TopP = fields.Number("top_p") ?? defaults.TopP,
        TopK = fields.Int("top_k") ?? defaults.TopK,
        MinP = fields.Number("min_p") ?? defaults.MinP,
        PresencePenalty = fields.Number("presence_penalty") ?? defaults.PresencePenalty,
        FrequencyPenalty = fields.Number("frequency_penalty") ?? defaults.FrequencyPenalty,
        RepetitionPenalty = fields.Number("repetition_penalty") ?? defaults.RepetitionPenalty,
        LogitBias = ReadLogitBias(fields),
        AllowedTokenIds = fields.Ints("allowed_token_ids"),
        BadWords = fields.Strings("bad_words") ?? [],
        Seed = fields.Long("seed"),
        Stop = fields.StringOrStrings("stop") ?? [],
        StopTokenIds = fields.Ints("stop_token_ids") ?? [],
        IncludeStopStrInOutput = fields.Bool("include_stop_str_in_output") ?? false,
        IgnoreEos = fields.Bool("ignore_eos") ?? false,
        MinTokens = fields.Int("min_tokens") ?? 0,
        MaxTokens = fields.Int("max_completion_tokens") ?? fields.Int("max_tokens"),
        PromptLogprobs = fields.Int("prompt_logprobs"),
        SkipSpecialTokens = fields.Bool("skip_special_tokens") ?? true,
        SpacesBetweenSpecialTokens = fields.Bool("spaces_between_special_tokens") ?? true,
        Detokenize = fields.Bool("detokenize") ?? true,
    };

    private static Dictionary<int, float>? ReadLogitBias(JsonFields fields)
    {
        if (fields.Object("logit_bias") is not { } biases) return null;
        var read = new Dictionary<int, float>();
        foreach (var field in biases.Source.EnumerateObject())
        {
            if (!int.TryParse(field.Name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id))
                throw ApiException.BadField("logit_bias",
                    $"The keys of logit_bias must be token ids; got '{(field.Name.Length > 40 ? field.Name[..40] + "..." : field.Name)}'.");
            if (biases.Number(field.Name) is { } bias) read[id] = (float)bias;
        }

        return read;
    }
}
