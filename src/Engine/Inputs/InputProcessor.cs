using System.Text;
using System.Text.RegularExpressions;
using Grid.Engine.Configuration;
using Grid.Engine.Requests;
using Grid.Tokenization;

namespace Grid.Engine.Inputs;

/// <summary>Turns prompts and sampling parameters into requests that the engine can run. Safe to use from many threads.</summary>
/// <param name="limits">What the loaded model allows.</param>
/// <param name="eosTokenIds">Ids that end an output.</param>
/// <param name="drawSeed">Draws a seed for a request without one; see <see cref="SeedSource"/>.</param>
public sealed class InputProcessor(ITokenizer tokenizer, InputLimits limits, IReadOnlyList<int> eosTokenIds, Func<long> drawSeed)
{
    // vLLM reads this seed as none.
    private const long NoSeed = -1;

    // Normalization may make a text shorter, such as full-width letters of three bytes to one.
    private const int MostShrinking = 4;

    private readonly Lazy<int> _longestToken = new(() => LongestOf(tokenizer));

    /// <summary>What the loaded model allows.</summary>
    public InputLimits Limits { get; } = limits;

    /// <summary>A seed for a request without one. A request of several prompts draws one for all of them.</summary>
    public long DrawSeed() => drawSeed();

    /// <summary>The ids of a prompt, checked against the vocabulary but not against the context.</summary>
    /// <exception cref="RequestValidationException">An id is not in the vocabulary, or there is no id at all.</exception>
    public int[] Encode(PromptInput prompt)
    {
        if (prompt.Text is { } given) CheckBytes(prompt.Field, given);
        int[] ids = prompt.Text is { } text ? EncodeText(prompt.Field, text, prompt.AddSpecialTokens) : [.. prompt.TokenIds!];
        if (ids.Length == 0)
            throw new RequestValidationException(prompt.Field, $"{prompt.Field} must hold at least one token; got none.");
        foreach (var id in ids)
            if ((uint)id >= (uint)Limits.VocabSize) throw OutsideVocabulary(prompt.Field, id);
        return ids;
    }

    /// <summary>Refuses a text that cannot fit, before it costs the memory and time of its tokens.</summary>
    private void CheckBytes(string field, string text)
    {
        var most = (long)Limits.MaxModelLen * _longestToken.Value * MostShrinking;
        // A character is at least one byte and at most three.
        if (text.Length * 3L <= most || Encoding.UTF8.GetByteCount(text) is var bytes && bytes <= most) return;
        throw TooLong(field, $"the {field} has {bytes} bytes, and no more than {most} can make as many tokens");
    }

    private int[] EncodeText(string field, string text, bool addSpecialTokens)
    {
        try
        {
            return tokenizer.Encode(text, addSpecialTokens);
        }
        catch (RegexMatchTimeoutException e)
        {
            throw new RequestValidationException(
                field, $"{field} takes the tokenizer's pattern more than {e.MatchTimeout.TotalSeconds:0.#} s.");
        }
    }

    private static int LongestOf(ITokenizer tokenizer)
    {
        var longest = 1;
        for (var id = 0; id < tokenizer.VocabSize; id++)
            longest = Math.Max(longest, Math.Max(tokenizer.IdToBytes(id).Length, tokenizer.IdToToken(id)?.Length ?? 0));
        return longest;
    }

    /// <summary>Checks everything and makes one engine request for each choice.</summary>
    /// <param name="requestId">Becomes the start of each choice's id.</param>
    /// <param name="prompt">Text or token ids.</param>
    /// <param name="sampling">As asked; a null seed and a null <c>MaxTokens</c> are filled in.</param>
    /// <param name="options">What else the request carries.</param>
    /// <exception cref="RequestValidationException">A parameter breaks its rule, or the prompt does not fit the context.</exception>
    public ProcessedInputs Process(string requestId, PromptInput prompt, SamplingParams sampling, RequestOptions? options = null)
    {
        options ??= new RequestOptions();
        SamplingParamsValidator.Validate(sampling with { MaxTokens = sampling.MaxTokens ?? options.DefaultMaxTokens }, Limits, options);
        var promptTokenIds = Encode(prompt);
        var complete = sampling with
        {
            Seed = sampling.Seed is null or NoSeed ? drawSeed() : sampling.Seed,
            MaxTokens = FitMaxTokens(prompt.Field, promptTokenIds.Length, sampling, options.DefaultMaxTokens),
            Logprobs = AllOr(sampling.Logprobs),
            PromptLogprobs = AllOr(sampling.PromptLogprobs),
        };
        CheckReplay(options.ReplayedTokenIds, complete);
        var badWords = BadWordsEncoder.Encode(tokenizer, sampling.BadWords);
        var requests = new EngineRequest[complete.N];
        for (var choice = 0; choice < requests.Length; choice++)
        {
            requests[choice] = new EngineRequest
            {
                Id = $"{requestId}-{choice}",
                PromptTokenIds = promptTokenIds,
                Sampling = complete,
                Choice = choice,
                Priority = options.Priority,
                CacheSalt = options.CacheSalt,
                EosTokenIds = eosTokenIds,
                BadWordsTokenIds = badWords,
                ReplayedTokenIds = options.ReplayedTokenIds?[choice] ?? [],
            };
        }

        return new ProcessedInputs(requestId, prompt.Text, promptTokenIds, complete, requests);
    }

    private int FitMaxTokens(string field, int promptTokens, SamplingParams sampling, int? defaultMaxTokens)
    {
        var room = Limits.MaxModelLen - promptTokens;
        if (sampling.MaxTokens is { } maxTokens)
        {
            if (maxTokens <= room) return maxTokens;
            throw TooLong(room < 1 ? field : "max_tokens",
                $"you requested {(long)promptTokens + maxTokens} tokens ({promptTokens} in the {field}, {maxTokens} in max_tokens)");
        }

        if (room < 1) throw TooLong(field, $"the {field} has {promptTokens} tokens and at least 1 output token must fit");
        if (sampling.MinTokens > room)
            throw TooLong("min_tokens",
                $"you requested at least {(long)promptTokens + sampling.MinTokens} tokens ({promptTokens} in the {field}, "
                + $"{sampling.MinTokens} in min_tokens)");
        return Math.Min(defaultMaxTokens ?? room, room);
    }

    private RequestValidationException TooLong(string field, string request) => new(
        field, $"This model's maximum context length is {Limits.MaxModelLen} tokens. However, {request}. Please reduce the length of the "
        + "prompt or of the output.", "context_length_exceeded");

    private int? AllOr(int? logprobs) => logprobs == -1 ? Limits.VocabSize : logprobs;

    private void CheckReplay(IReadOnlyList<int[]>? replayed, SamplingParams sampling)
    {
        if (replayed is null) return;
        if (replayed.Count != sampling.N)
            throw new RequestValidationException("choices",
                $"Replayed output must be given for each of the {sampling.N} choices; got {replayed.Count}.");
        foreach (var ids in replayed)
        {
            if (ids.Length > sampling.MaxTokens)
                throw new RequestValidationException("choices",
                    $"Replayed output may have at most max_tokens ({sampling.MaxTokens}) ids; got {ids.Length}.");
            foreach (var id in ids)
                if ((uint)id >= (uint)Limits.VocabSize) throw OutsideVocabulary("choices", id);
        }
    }

    private RequestValidationException OutsideVocabulary(string field, int id) =>
        new(field, $"Token ids in {field} must be in the vocabulary, 0 to {Limits.VocabSize - 1}; got {id}.");
}
