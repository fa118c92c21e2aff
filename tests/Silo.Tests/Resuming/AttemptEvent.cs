using System.Text.Json;

namespace Grid.Silo.Tests.Resuming;

/// <summary>One event of the stream between silo and gateway.</summary>
/// <param name="Progress">Its comment, or null.</param>
/// <param name="Data">Its data, or null where it is only a comment.</param>
internal sealed record AttemptEvent(ProgressComment? Progress, string? Data)
{
    private const string Comment = ": grid ";
    private const string DataField = "data: ";

    /// <summary>The whole events of a stream; every line must be of one of the known kinds.</summary>
    public static List<AttemptEvent> Parse(string stream)
    {
        Assert.EndsWith("\n\n", stream);
        var events = new List<AttemptEvent>();
        foreach (var block in stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            if (block.StartsWith(": ping", StringComparison.Ordinal)) continue;
            var parsed = new AttemptEvent(null, null);
            foreach (var line in block.Split('\n'))
            {
                if (line.StartsWith(Comment, StringComparison.Ordinal) && parsed is { Progress: null, Data: null })
                    parsed = parsed with { Progress = JsonSerializer.Deserialize<ProgressComment>(line[Comment.Length..]) };
                else if (line.StartsWith(DataField, StringComparison.Ordinal) && parsed.Data is null)
                    parsed = parsed with { Data = line[DataField.Length..] };
                else Assert.Fail($"No line of the protocol: {line}");
            }

            events.Add(parsed);
        }

        return events;
    }
}
