using Grid.Engine.Configuration;
using Grid.Engine.Inputs;
using Grid.Engine.Requests;

namespace Grid.Engine.Tests.Inputs;

public sealed class InputProcessorTests
{
    private const int VocabSize = 6;
    private const int MaxModelLen = 10;
    private const long DrawnSeed = 1234;

    private static readonly TableTokenizer Tokenizer = new("a", "b", " ", "word", " word", "c");

    public static TheoryData<string, string, string> BrokenRules => new()
    {
        { nameof(SamplingParams.Temperature), "temperature", "temperature must be at least 0; got -0.5." },
        { nameof(SamplingParams.TopP), "top_p", "top_p must be above 0 and at most 1; got 0." },
        { nameof(SamplingParams.TopK), "top_k", "top_k must be at least 1, or 0 or -1 to keep all tokens; got -2." },
        { nameof(SamplingParams.MinP), "min_p", "min_p must be between 0 and 1; got 1.5." },
        { nameof(SamplingParams.PresencePenalty), "presence_penalty", "presence_penalty must be between -2 and 2; got 2.5." },
        { nameof(SamplingParams.FrequencyPenalty), "frequency_penalty", "frequency_penalty must be between -2 and 2; got -2.5." },
        { nameof(SamplingParams.RepetitionPenalty), "repetition_penalty", "repetition_penalty must be above 0; got 0." },
        { nameof(SamplingParams.N), "n", "n must be between 1 and 128; got 129." },
        { nameof(SamplingParams.MaxTokens), "max_tokens", "max_tokens must be at least 1; got 0." },
        { nameof(SamplingParams.MinTokens), "min_tokens", "min_tokens must be at most max_tokens (2); got 3." },
        { nameof(SamplingParams.Stop), "stop", "stop may not hold an empty text." },
        { nameof(SamplingParams.Detokenize), "stop", "stop needs the output's text: it may not be given with detokenize false." },
        { nameof(SamplingParams.StopTokenIds), "stop_token_ids", "stop_token_ids must hold ids of the vocabulary, 0 to 5; got 6." },
        { nameof(SamplingParams.Logprobs), "logprobs", "logprobs must be at most 3 (--max-logprobs); got 4." },
        { nameof(SamplingParams.PromptLogprobs), "prompt_logprobs",
            "prompt_logprobs must be at most 3 (--max-logprobs); got -1, which is the whole vocabulary of 6." },
        { nameof(SamplingParams.LogitBias), "logit_bias", "logit_bias must hold ids of the vocabulary, 0 to 5; got -1." },
        { nameof(SamplingParams.AllowedTokenIds), "allowed_token_ids", "allowed_token_ids must hold at least one id; got none." },
        { nameof(SamplingParams.BadWords), "bad_words", "bad_words may not hold an empty text." },
    };

    [Fact]
    public void Process_TextThatCannotFit_IsRefusedByItsBytesAlone()
    {
        // Four times ten tokens of five bytes.
        var error = Assert.Throws<RequestValidationException>(
            () => Create().Process("id", PromptInput.FromText(new string('a', 201)), new SamplingParams()));
        Assert.Equal(("prompt", "context_length_exceeded"), (error.Parameter, error.Code));
        Assert.Contains("the prompt has 201 bytes, and no more than 200 can make as many tokens", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(BrokenRules))]
    public void Process_ABrokenRule_NamesFieldLimitAndValue(string broken, string field, string message)
    {
        var sampling = new SamplingParams { MaxTokens = 2 };
        sampling = broken switch
        {
            nameof(SamplingParams.Temperature) => sampling with { Temperature = -0.5 },
            nameof(SamplingParams.TopP) => sampling with { TopP = 0 },
            nameof(SamplingParams.TopK) => sampling with { TopK = -2 },
            nameof(SamplingParams.MinP) => sampling with { MinP = 1.5 },
            nameof(SamplingParams.PresencePenalty) => sampling with { PresencePenalty = 2.5 },
            nameof(SamplingParams.FrequencyPenalty) => sampling with { FrequencyPenalty = -2.5 },
            nameof(SamplingParams.RepetitionPenalty) => sampling with { RepetitionPenalty = 0 },
            nameof(SamplingParams.N) => sampling with { N = 129 },
            nameof(SamplingParams.MaxTokens) => sampling with { MaxTokens = 0 },
            nameof(SamplingParams.MinTokens) => sampling with { MinTokens = 3 },
            nameof(SamplingParams.Stop) => sampling with { Stop = [""] },
            nameof(SamplingParams.Detokenize) => sampling with { Stop = ["a"], Detokenize = false },
            nameof(SamplingParams.StopTokenIds) => sampling with { StopTokenIds = [VocabSize] },
            nameof(SamplingParams.Logprobs) => sampling with { Logprobs = 4 },
            nameof(SamplingParams.PromptLogprobs) => sampling with { PromptLogprobs = -1 },
            nameof(SamplingParams.LogitBias) => sampling with { LogitBias = new Dictionary<int, float> { [-1] = 1 } },
            nameof(SamplingParams.AllowedTokenIds) => sampling with { AllowedTokenIds = [] },
            nameof(SamplingParams.BadWords) => sampling with { BadWords = [" "] },
            _ => throw new ArgumentOutOfRangeException(nameof(broken), broken, null),
        };
        var error = Assert.Throws<RequestValidationException>(() => Create().Process("r", "a", sampling));
        Assert.Equal(field, error.Parameter);
        Assert.Equal(message, error.Message);
        Assert.Null(error.Code);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void Process_NumbersThatAreNotFinite_AreRefused(double value)
    {
        Refused("temperature", new SamplingParams { Temperature = value });
        Refused("top_p", new SamplingParams { TopP = value });
        Refused("min_p", new SamplingParams { MinP = value });
        Refused("presence_penalty", new SamplingParams { PresencePenalty = value });
        Refused("frequency_penalty", new SamplingParams { FrequencyPenalty = value });
        Refused("repetition_penalty", new SamplingParams { RepetitionPenalty = value });
        Refused("logit_bias", new SamplingParams { LogitBias = new Dictionary<int, float> { [1] = (float)value } });
    }

    [Fact]
    public void Process_TheEdgesOfEachRange_AreAccepted()
    {
        Accepted(
            new SamplingParams
            {
                Temperature = 0, TopP = 1e-9, TopK = -1, MinP = 0, PresencePenalty = -2, FrequencyPenalty = -2,
                RepetitionPenalty = 1e-9
            });
        Accepted(
            new SamplingParams
            {
                Temperature = 2, TopP = 1, TopK = int.MaxValue, MinP = 1, PresencePenalty = 2, FrequencyPenalty = 2,
                RepetitionPenalty = 5
            });
        Accepted(
            new SamplingParams
            {
                N = 128, MinTokens = 2, Logprobs = 3, PromptLogprobs = 0, StopTokenIds = [0, 5], AllowedTokenIds = [5],
                Stop = ["x"]
            });
        Accepted(new SamplingParams { LogitBias = new Dictionary<int, float> { [0] = 100, [5] = -100 } });
    }

    [Fact]
    public void Process_MoreStopsThanTheOptionsAllow_AreRefused()
    {
        string[] stops = [.. Enumerable.Range(0, 17).Select(index => $"stop {index}")];
        var error = Assert.Throws<RequestValidationException>(() =>
            Create().Process("r", "a", new SamplingParams { MaxTokens = 2, Stop = stops }, new RequestOptions { MaxStops = 16 }));
        Assert.Equal("stop may hold at most 16 texts; got 17.", error.Message);
        Accepted(new SamplingParams { Stop = stops });
    }

    [Fact]
    public void Process_PromptAndMaxTokensBeyondTheContext_GivesLimitAndCounts()
    {
        var error = Assert.Throws<RequestValidationException>(() => Create().Process("r", "aaaa", new SamplingParams { MaxTokens = 7 }));
        Assert.Equal("context_length_exceeded", error.Code);
        Assert.Equal("max_tokens", error.Parameter);
        Assert.StartsWith(
            "This model's maximum context length is 10 tokens. However, you requested 11 tokens (4 in the prompt, 7 in max_tokens).",
            error.Message);
        Assert.Equal(6, Create().Process("r", "aaaa", new SamplingParams { MaxTokens = 6 }).Sampling.MaxTokens);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    [InlineData(int.MaxValue)]
    public void Process_APromptThatFillsTheContext_IsRefused(int? maxTokens)
    {
        var error = Assert.Throws<RequestValidationException>(
            () => Create().Process("r", new string('a', MaxModelLen), new SamplingParams { MaxTokens = maxTokens }));
        Assert.Equal("context_length_exceeded", error.Code);
        Assert.Equal("prompt", error.Parameter);
        Assert.Contains("10", error.Message);
    }

    [Theory]
    [InlineData(null, 7)]
    [InlineData(3, 3)]
    [InlineData(256, 7)]
    public void Process_WithoutMaxTokens_TakesTheDefaultCutToTheContext(int? defaultMaxTokens, int expected)
    {
        var options = new RequestOptions { DefaultMaxTokens = defaultMaxTokens };
        Assert.Equal(expected, Create().Process("r", "aaa", new SamplingParams { MaxTokens = null }, options).Sampling.MaxTokens);
    }

    [Fact]
    public void Process_MinTokensWithoutMaxTokens_MustFitTheDefaultAndTheContext()
    {
        var sampling = new SamplingParams { MaxTokens = null, MinTokens = 8 };
        var beyondDefault = Assert.Throws<RequestValidationException>(
            () => Create().Process("r", "aaa", sampling, new RequestOptions { DefaultMaxTokens = 7 }));
        Assert.Equal(("min_tokens must be at most max_tokens (7); got 8.", null), (beyondDefault.Message, beyondDefault.Code));
        var beyondContext = Assert.Throws<RequestValidationException>(() => Create().Process("r", "aaa", sampling));
        Assert.Equal(("min_tokens", "context_length_exceeded"), (beyondContext.Parameter, beyondContext.Code));
        Assert.Contains("11 tokens (3 in the prompt, 8 in min_tokens)", beyondContext.Message);
    }

    [Fact]
    public void Process_AnEmptyPrompt_IsRefused()
    {
        Assert.Equal("prompt", Assert.Throws<RequestValidationException>(() => Create().Process("r", "", new SamplingParams())).Parameter);
        Assert.Equal("prompt",
            Assert.Throws<RequestValidationException>(() => Create().Process("r", Array.Empty<int>(), new SamplingParams())).Parameter);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(VocabSize)]
    [InlineData(int.MaxValue)]
    public void Process_APromptIdOutsideTheVocabulary_IsRefused(int id)
    {
        var error = Assert.Throws<RequestValidationException>(() => Create().Process("r", new[] { 0, id }, new SamplingParams()));
        Assert.Equal($"Token ids in prompt must be in the vocabulary, 0 to 5; got {id}.", error.Message);
    }

    [Fact]
    public void Process_SeveralChoices_ShareTheSeedAndCountUp()
    {
        var options = new RequestOptions { Priority = 3, CacheSalt = "salt" };
        var inputs = Create().Process("cmpl-1", "ab", new SamplingParams { N = 3, MaxTokens = 2 }, options);
        Assert.Equal(["cmpl-1-0", "cmpl-1-1", "cmpl-1-2"], inputs.Requests.Select(request => request.Id));
        Assert.Equal([0, 1, 2], inputs.Requests.Select(request => request.Choice));
        Assert.All(inputs.Requests, request =>
        {
            Assert.Equal(DrawnSeed, request.Sampling.Seed);
            Assert.Equal([0, 1], request.PromptTokenIds);
            Assert.Equal([5], request.EosTokenIds);
            Assert.Equal((3, "salt"), (request.Priority, request.CacheSalt));
        });
        Assert.Equal("ab", inputs.Prompt);
    }

    [Theory]
    [InlineData(null, DrawnSeed)]
    [InlineData(-1L, DrawnSeed)]
    [InlineData(0L, 0L)]
    [InlineData(long.MinValue, long.MinValue)]
    public void Process_TheSeed_IsDrawnOnlyWhereAbsent(long? seed, long expected) =>
        Assert.Equal(expected, Create().Process("r", "a", new SamplingParams { Seed = seed, MaxTokens = 1 }).Sampling.Seed);

    [Fact]
    public void Process_BadWords_AreBannedAtTheStartAndInsideAText()
    {
        var sampling = new SamplingParams { BadWords = [" word", "ab"], MaxTokens = 1 };
        var request = Create().Process("r", "a", sampling).Requests[0];
        Assert.Equal([[3], [4], [0, 1]], request.BadWordsTokenIds);
    }

    [Fact]
    public void Process_LogprobsOfMinusOne_AreTheWholeVocabularyWhereTheLimitAllows()
    {
        var processor = Create(maxLogprobs: -1);
        Assert.Equal(VocabSize, processor.Process("r", "a", new SamplingParams { Logprobs = -1, MaxTokens = 1 }).Sampling.Logprobs);
        Assert.Throws<RequestValidationException>(
            () => processor.Process("r", "a", new SamplingParams { Logprobs = VocabSize + 1, MaxTokens = 1 }));
    }

    [Fact]
    public void Process_ReplayedIds_GoToTheirChoice()
    {
        var sampling = new SamplingParams { N = 2, MaxTokens = 2 };
        var inputs = Create().Process("r", "a", sampling, new RequestOptions { ReplayedTokenIds = [[1], []] });
        Assert.Equal([1], inputs.Requests[0].ReplayedTokenIds);
        Assert.Empty(inputs.Requests[1].ReplayedTokenIds);
        Assert.Throws<RequestValidationException>(
            () => Create().Process("r", "a", sampling, new RequestOptions { ReplayedTokenIds = [[1]] }));
        Assert.Throws<RequestValidationException>(
            () => Create().Process("r", "a", sampling, new RequestOptions { ReplayedTokenIds = [[1, 1, 1], []] }));
        Assert.Throws<RequestValidationException>(
            () => Create().Process("r", "a", sampling, new RequestOptions { ReplayedTokenIds = [[VocabSize], []] }));
    }

    private static InputProcessor Create(int maxLogprobs = 3) =>
        new(Tokenizer, new InputLimits { MaxModelLen = MaxModelLen, VocabSize = VocabSize, MaxLogprobs = maxLogprobs }, [5],
        () => DrawnSeed);

    private static void Accepted(SamplingParams sampling) =>
        Assert.NotEmpty(Create().Process("r", "a", sampling with { MaxTokens = 2 }).Requests);

    private static void Refused(string field, SamplingParams sampling) =>
        Assert.Equal(field,
        Assert.Throws<RequestValidationException>(() => Create().Process("r", "a", sampling with { MaxTokens = 2 })).Parameter);
}
