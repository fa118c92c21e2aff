using System.Text;

namespace Grid.Gateway.Tests.Fakes;

/// <summary>One answer of a fake silo, begun or resumed.</summary>
internal sealed class FakeStream
{
    private readonly FakeCall _call;
    private readonly FakePlan _plan;
    private readonly Choice[] _choices;
    private readonly bool _isStream;
    private readonly bool _isChat;
    private bool _usageSent;
    private bool _hasFirst;

    public FakeStream(FakeCall call, FakePlan plan)
    {
        (_call, _plan) = (call, plan);
        _isStream = FakeModel.IsStream(call.Body);
        _isChat = (call.Resume?.Path ?? call.Path).EndsWith("/chat/completions", StringComparison.Ordinal);
        _choices = [.. Enumerable.Range(0, FakeModel.NumChoices(call.Body)).Select(index => new Choice(index))];
        if (call.Resume is null) return;
        Assert.Equal(_choices.Length, call.Resume.Choices.Length);
        foreach (var choice in _choices) TakeUp(choice);
    }

    public List<string> Events { get; } = [];

    public void Run()
    {
        while (_choices.Where(choice => !choice.IsFinished).MinBy(choice => choice.Count) is { } choice) Step(choice);
        if (!_isStream)
        {
            Add(Comment(_choices[0], [], null), Whole());
            return;
        }

        if (_call.Body.TryGetProperty("stream_options", out _) && !_usageSent)
            Add(Comment(_choices[0], [], """{"u":true}"""),
                FakeModel.Json(
                new
                {
                    id = _call.RequestId, choices = Array.Empty<int>(),
                    usage = new { completion_tokens = _choices.Sum(choice => choice.Count) }
                }));
        Events.Add("data: [DONE]\n\n");
    }

    private void TakeUp(Choice choice)
    {
        var told = _call.Resume!.Choices[choice.Index];
        Assert.Equal(choice.Text.Take(told.Tokens.Length).Select(value => (int)value), told.Tokens);
        choice.Count = told.Tokens.Length;
        choice.IsOpened = told.Opened;
        choice.IsFinished = told.Finish is not null;
        Assert.Equal(choice.Bytes, told.Bytes);
        Assert.Equal(choice.Count == choice.Text.Length, choice.IsFinished);
        foreach (var extra in told.Extra)
        {
            if (extra.TryGetProperty("u", out _)) _usageSent = true;
            else choice.Extra.Add(extra.GetProperty("l").GetInt32());
        }
    }

    private void Step(Choice choice)
    {
        if (_isChat && _isStream && !choice.IsOpened)
        {
            choice.IsOpened = true;
            Add(Comment(choice, [], null), Chunk(choice, "", null));
        }

        var before = choice.Bytes;
        int[] tokens = [choice.Text[choice.Count]];
        choice.Extra.Add(choice.Count);
        var isLast = choice.Count + 1 == choice.Text.Length;
        choice.IsFinished = isLast;
        var comment = Comment(choice, tokens, _isStream ? null : $$"""{"l":{{choice.Count}}}""", 1);
        choice.Count++;
        var text = Encoding.UTF8.GetString(choice.Text[before..choice.Bytes]);
        var hasData = _isStream && (text.Length > 0 || isLast);
        choice.IsOpened |= hasData;
        Add(comment, hasData ? Chunk(choice, text, isLast ? "length" : null) : null);
    }

    private void Add(string comment, string? data)
    {
        if (_plan.Pings) Events.Add(": ping\n\n");
        Events.Add(comment + (data is null ? "" : $"data: {data}\n") + "\n");
    }

    private string Comment(Choice choice, int[] tokens, string? extra, int ahead = 0)
    {
        var bytes = FakeModel.WholeBytes(choice.Text, choice.Count + ahead);
        var cached = _hasFirst ? "" : $",\"k\":{_plan.CachedTokens}";
        _hasFirst = true;
        var finish = choice.IsFinished ? ",\"f\":\"length\"" : "";
        var ids = string.Join(',', tokens);
        var progress = $$"""{"a":{{_call.Attempt}},"c":{{choice.Index}},"i":{{choice.Count}},"t":[{{ids}}],"n":{{bytes}}""";
        return $": grid {progress}{finish}{cached}{(extra is null ? "" : ",\"x\":" + extra)}}}\n";
    }

    private string Chunk(Choice choice, string text, string? finish) => FakeModel.Json(
        new
        {
            id = _call.RequestId, created = _call.Created, seed = _call.Seed,
            choices = new[] { new { index = choice.Index, text, finish_reason = finish } }
        });

    private string Whole() => FakeModel.Json(new
    {
        id = _call.RequestId,
        created = _call.Created,
        choices = _choices.Select(
            choice => new { index = choice.Index, text = Encoding.UTF8.GetString(choice.Text), extra = choice.Extra }),
    });

    private sealed class Choice(int index)
    {
        public int Index { get; } = index;

        public byte[] Text { get; } = FakeModel.TextOf(index);

        public int Count { get; set; }

        public bool IsOpened { get; set; }

        public bool IsFinished { get; set; }

        public List<int> Extra { get; } = [];

        public int Bytes => FakeModel.WholeBytes(Text, Count);
    }
}
