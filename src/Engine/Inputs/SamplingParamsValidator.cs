using System.Numerics;
using Grid.Engine.Configuration;
using Grid.Engine.Requests;

namespace Grid.Engine.Inputs;

/// <summary>The rules of vLLM's <c>SamplingParams</c>; each message states rule, limit and value.</summary>
internal static class SamplingParamsValidator
{
    private const float MaxLogitBias = 100;

    public static void Validate(SamplingParams sampling, InputLimits limits, RequestOptions options)
    {
        ValidateDistribution(sampling);
        Require(sampling.N is >= 1 and <= InputLimits.MaxN, "n", $"between 1 and {InputLimits.MaxN}", sampling.N);
        ValidateLengths(sampling);
        ValidateStops(sampling, limits, options.MaxStops);
        ValidateLogprobs(options.LogprobsField, sampling.Logprobs, limits);
        ValidateLogprobs("prompt_logprobs", sampling.PromptLogprobs, limits);
        ValidateTokenSets(sampling, limits);
    }

    private static void ValidateDistribution(SamplingParams sampling)
    {
        RequireNumber(sampling.Temperature >= 0, "temperature", "at least 0", sampling.Temperature);
        RequireNumber(sampling.TopP is > 0 and <= 1, "top_p", "above 0 and at most 1", sampling.TopP);
        Require(sampling.TopK >= -1, "top_k", "at least 1, or 0 or -1 to keep all tokens", sampling.TopK);
        RequireNumber(sampling.MinP is >= 0 and <= 1, "min_p", "between 0 and 1", sampling.MinP);
        RequireNumber(sampling.PresencePenalty is >= -2 and <= 2, "presence_penalty", "between -2 and 2", sampling.PresencePenalty);
        RequireNumber(sampling.FrequencyPenalty is >= -2 and <= 2, "frequency_penalty", "between -2 and 2", sampling.FrequencyPenalty);
        RequireNumber(sampling.RepetitionPenalty > 0, "repetition_penalty", "above 0", sampling.RepetitionPenalty);
    }

    private static void ValidateLengths(SamplingParams sampling)
    {
        if (sampling.MaxTokens is { } maxTokens) Require(maxTokens >= 1, "max_tokens", "at least 1", maxTokens);
        Require(sampling.MinTokens >= 0, "min_tokens", "at least 0", sampling.MinTokens);
        if (sampling.MinTokens > sampling.MaxTokens)
            throw new RequestValidationException("min_tokens",
                $"min_tokens must be at most max_tokens ({sampling.MaxTokens}); got {sampling.MinTokens}.");
    }

    private static void ValidateStops(SamplingParams sampling, InputLimits limits, int maxStops)
    {
        if (sampling.Stop.Count > maxStops)
            throw new RequestValidationException("stop", $"stop may hold at most {maxStops} texts; got {sampling.Stop.Count}.");
        if (sampling.Stop.Any(string.IsNullOrEmpty))
            throw new RequestValidationException("stop", "stop may not hold an empty text.");
        if (sampling is { Detokenize: false, Stop.Count: > 0 })
            throw new RequestValidationException("stop", "stop needs the output's text: it may not be given with detokenize false.");
        RequireInVocabulary("stop_token_ids", sampling.StopTokenIds, limits);
    }

    private static void ValidateLogprobs(string name, int? value, InputLimits limits)
    {
        if (value is not { } given) return;
        Require(given >= -1, name, "at least 0, or -1 for the whole vocabulary", given);
        var limit = limits.MaxLogprobs == -1 ? limits.VocabSize : limits.MaxLogprobs;
        var wanted = given == -1 ? limits.VocabSize : given;
        if (wanted > limit)
            throw new RequestValidationException(name,
                $"{name} must be at most {limit} (--max-logprobs); got "
                + $"{given}{(given == -1 ? $", which is the whole vocabulary of {wanted}" : "")}.");
    }

    private static void ValidateTokenSets(SamplingParams sampling, InputLimits limits)
    {
        if (sampling.LogitBias is { } biases)
        {
            RequireInVocabulary("logit_bias", biases.Keys, limits);
            foreach (var (id, bias) in biases)
                RequireNumber(MathF.Abs(bias) <= MaxLogitBias, "logit_bias",
                    $"between -{MaxLogitBias} and {MaxLogitBias} for each id (here {id})", bias);
        }

        if (sampling.AllowedTokenIds is { } allowed)
        {
            if (allowed.Count == 0)
                throw new RequestValidationException("allowed_token_ids", "allowed_token_ids must hold at least one id; got none.");
            RequireInVocabulary("allowed_token_ids", allowed, limits);
        }

        if (sampling.BadWords.Any(string.IsNullOrWhiteSpace))
            throw new RequestValidationException("bad_words", "bad_words may not hold an empty text.");
    }

    private static void RequireInVocabulary(string name, IEnumerable<int> ids, InputLimits limits)
    {
        foreach (var id in ids)
            if ((uint)id >= (uint)limits.VocabSize)
                throw new RequestValidationException(name,
                    $"{name} must hold ids of the vocabulary, 0 to {limits.VocabSize - 1}; got {id}.");
    }

    private static void RequireNumber<T>(bool holds, string name, string rule, T value) where T : IFloatingPointIeee754<T> =>
        Require(holds && T.IsFinite(value), name, T.IsFinite(value) ? rule : "a finite number", value);

    private static void Require<T>(bool holds, string name, string rule, T value)
    {
        if (!holds) throw new RequestValidationException(name, $"{name} must be {rule}; got {value}.");
    }
}
