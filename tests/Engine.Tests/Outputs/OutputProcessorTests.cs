using System.Text;
using Grid.Engine.Outputs;
using Grid.Engine.Requests;
using Grid.Engine.Tests.Inputs;
using Grid.Tokenization;

namespace Grid.Engine.Tests.Outputs;

public sealed class OutputProcessorTests
{
    private const int Eos = 4;

    // The two halves of "é" are tokens of their own.
    private static readonly TableTokenizer Tokenizer =
        new([[.. "he"u8], [.. "llo"u8], [0xC3], [0xA9], [.. "</s>"u8], [.. " world"u8]], special: Eos);

    [Fact]
    public void Process_HalfACharacter_WaitsForTheOtherHalf()
    {
        var processor = Create();
        Assert.Equal("", processor.Process(Token(2)).Text);
        Assert.Equal("é", processor.Process(Token(3)).Text);
        Assert.Equal(2, processor.NumTokens);
        Assert.Equal(2, processor.BytesSent);
    }

    [Fact]
    public void Process_HalfACharacterAtTheEnd_BecomesAReplacement()
    {
        var delta = Create().Process([Token(0), Token(2) with { FinishReason = FinishReason.Length }]);
        Assert.Equal("he\uFFFD", delta.Text);
        Assert.Equal(FinishReason.Length, delta.FinishReason);
        Assert.Equal([0, 2], delta.TokenIds);
    }

    [Fact]
    public void Process_Eos_CountsButHasNoTextAndNoReason()
    {
        var processor = Create(new SamplingParams { SkipSpecialTokens = false });
        var delta = processor.Process([Token(0), Token(Eos) with { FinishReason = FinishReason.Stop }]);
        Assert.Equal(("he", FinishReason.Stop, null), (delta.Text, delta.FinishReason, delta.StopReason));
        Assert.Equal(2, processor.NumTokens);
        Assert.False(processor.MustAbort);
    }

    [Theory]
    [InlineData(false, "he")]
    [InlineData(true, "hello")]
    public void Process_AStopId_IsReportedAndShownOnlyWhereAsked(bool include, string text)
    {
        var processor = Create(new SamplingParams { StopTokenIds = [1], IncludeStopStrInOutput = include });
        var delta = processor.Process([Token(0), Token(1) with { FinishReason = FinishReason.Stop, StopTokenId = 1 }]);
        Assert.Equal(text, delta.Text);
        Assert.Equal(new StopReason(null, 1), delta.StopReason);
    }

    [Theory]
    [InlineData(false, "h")]
    [InlineData(true, "hello w")]
    public void Process_AStopTextOverTokenBorders_EndsTheOutput(bool include, string text)
    {
        var processor = Create(new SamplingParams { Stop = ["ello w"], IncludeStopStrInOutput = include });
        var delta = processor.Process([Token(0), Token(1), Token(5), Token(0), Token(0)]);
        Assert.Equal(text, delta.Text);
        Assert.Equal(FinishReason.Stop, delta.FinishReason);
        Assert.Equal(new StopReason("ello w", null), delta.StopReason);
        Assert.Equal([0, 1, 5], delta.TokenIds);
        Assert.Equal(3, processor.NumTokens);
        Assert.True(processor.MustAbort);
    }

    [Fact]
    public void Process_AStopTextInTheLastToken_WinsOverLengthAndNeedsNoAbort()
    {
        var processor = Create(new SamplingParams { Stop = ["llo"] });
        var delta = processor.Process([Token(0), Token(1) with { FinishReason = FinishReason.Length }]);
        Assert.Equal(("he", FinishReason.Stop), (delta.Text, delta.FinishReason));
        Assert.False(processor.MustAbort);
    }

    [Fact]
    public void Process_MinTokens_LetsEarlierStopTextsPass()
    {
        var processor = Create(new SamplingParams { Stop = ["he"], MinTokens = 2, MaxTokens = 9 });
        Assert.Equal("hello", processor.Process([Token(0), Token(1)]).Text);
        Assert.Equal("", processor.Process(Token(0)).Text);
        Assert.Equal(FinishReason.Stop, processor.FinishReason);
    }

    [Fact]
    public void Process_WithoutDetokenizing_GivesIdsOnly()
    {
        var delta = Create(new SamplingParams { Detokenize = false })
            .Process([Token(0), Token(1) with { FinishReason = FinishReason.Length }]);
        Assert.Equal(("", FinishReason.Length), (delta.Text, delta.FinishReason));
        Assert.Equal([0, 1], delta.TokenIds);
    }

    [Fact]
    public void Process_AnEndWithoutAToken_FlushesAndKeepsTheError()
    {
        var processor = Create(new SamplingParams { Stop = ["llo there"] });
        Assert.Equal("he", processor.Process([Token(0), Token(1)]).Text);
        var delta = processor.Process(new EngineOutput { TokenId = -1, FinishReason = FinishReason.Error, Error = "broken" });
        Assert.Equal(("llo", FinishReason.Error, "broken"), (delta.Text, delta.FinishReason, delta.Error));
        Assert.Equal(2, processor.NumTokens);
    }

    [Fact]
    public void Process_Logprobs_StayWithTheirTokens()
    {
        var first = new TokenLogprobs(0, -0.5f, 1, []);
        var second = new TokenLogprobs(1, -1.5f, 2, []);
        IReadOnlyList<TokenLogprobs?> prompt = [null];
        var delta = Create(new SamplingParams { Logprobs = 0, Stop = ["llo"] }).Process(
        [
            Token(0) with { Logprobs = first, PromptLogprobs = prompt, CachedTokens = 1 },
            Token(1) with { Logprobs = second },
            Token(5) with { Logprobs = second },
        ]);
        Assert.Equal([first, second], delta.Logprobs);
        Assert.Same(prompt, delta.PromptLogprobs);
    }

    [Fact]
    public void Process_APromptThatEndsInHalfACharacter_CompletesItInTheOutput()
    {
        var request = Request(new SamplingParams()) with { PromptTokenIds = [0, 2] };
        Assert.Equal("é", new OutputProcessor(Tokenizer, request).Process(Token(3)).Text);
    }

    [Fact]
    public void Process_AnyOutputs_GiveTheSameTextOneByOneInBurstsAndAfterAResume()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var run = 0; run < 300; run++)
        {
            var tokenizer = RandomTokenizer(random);
            var sampling = new SamplingParams
            {
                Seed = 1,
                MaxTokens = 30,
                Stop = [.. Enumerable.Range(0, random.Next(0, 3)).Select(_ => RandomStop(random))],
                IncludeStopStrInOutput = random.Next(2) == 0,
                MinTokens = random.Next(0, 8),
            };
            var request = Request(sampling) with { EosTokenIds = [] };
            EngineOutput[] outputs = [
                .. Enumerable.Range(0, 30)
                .Select(i => Token(random.Next(tokenizer.VocabSize)) with { FinishReason = i == 29 ? FinishReason.Length : null })];
            var whole = Run(tokenizer, request, outputs, _ => 1);
            var bursts = Run(tokenizer, request, outputs, left => random.Next(1, left + 1));
            Assert.True(whole == bursts, $"seed {seed} run {run}: '{whole}' one by one, '{bursts}' in bursts");

            var cut = random.Next(1, 30);
            var first = new OutputProcessor(tokenizer, request);
            var sent = first.Process(outputs.AsSpan(0, cut)).Text;
            var resumed = request with { ReplayedTokenIds = [.. outputs.Take(first.NumTokens).Select(output => output.TokenId)] };
            // The client has any part of the text that was sent.
            var known = new string([.. sent.EnumerateRunes().Take(random.Next(0, sent.Length + 1)).SelectMany(rune => rune.ToString())]);
            var second = new OutputProcessor(tokenizer, resumed, Encoding.UTF8.GetByteCount(known));
            Assert.Equal(first.FinishReason, second.FinishReason);
            var rest = second.Process(second.FinishReason is null ? outputs.AsSpan(cut) : []).Text;
            Assert.True(whole == (known + rest, second.FinishReason, second.StopReason, second.NumTokens),
                $"seed {seed} run {run}: '{whole}' unbroken, '{known + rest}' after a resume at {cut}");
            Assert.Equal(Encoding.UTF8.GetByteCount(whole.Text), second.BytesSent);
        }
    }

    [Fact]
    public void Constructor_ReplayThatEndsInEos_NeedsNoMoreOfTheEngine()
    {
        var processor = new OutputProcessor(Tokenizer, Request(new SamplingParams { MaxTokens = 9 }) with { ReplayedTokenIds = [0, Eos] });
        Assert.Equal(FinishReason.Stop, processor.FinishReason);
        var delta = processor.Process([]);
        Assert.Equal(("he", FinishReason.Stop), (delta.Text, delta.FinishReason));
        Assert.Empty(delta.TokenIds);
    }

    private static (string Text, FinishReason? Reason, StopReason? Stop, int Tokens) Run(
        ITokenizer tokenizer, EngineRequest request, EngineOutput[] outputs, Func<int, int> burst)
    {
        var processor = new OutputProcessor(tokenizer, request);
        var text = new StringBuilder();
        for (var start = 0; start < outputs.Length && processor.FinishReason is null;)
        {
            var count = burst(outputs.Length - start);
            text.Append(processor.Process(outputs.AsSpan(start, count)).Text);
            start += count;
        }

        return (text.ToString(), processor.FinishReason, processor.StopReason, processor.NumTokens);
    }

    // Tokens cut a text of few characters anywhere, inside characters too.
    private static TableTokenizer RandomTokenizer(Random random)
    {
        var bytes = Encoding.UTF8.GetBytes("abéb😀aab€b");
        return new TableTokenizer([.. Enumerable.Range(0, 20).Select(_ =>
        {
            var start = random.Next(bytes.Length);
            return bytes[start..Math.Min(bytes.Length, start + random.Next(1, 5))];
        })]);
    }

    private static string RandomStop(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => "a b é 😀".Split(' ')[random.Next(4)]));

    private static OutputProcessor Create(SamplingParams? sampling = null) => new(Tokenizer, Request(sampling ?? new SamplingParams()));

    private static EngineRequest Request(SamplingParams sampling) =>
        new() { Id = "r-0", PromptTokenIds = [0], Sampling = sampling, EosTokenIds = [Eos] };

    private static EngineOutput Token(int id) => new() { TokenId = id };
}
