using Grid.Cli.Bench.Datasets;
using Grid.Cli.CommandLine;

namespace Grid.Cli.Tests.Bench.Datasets;

public sealed class DatasetTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void DrawIds_Lengths_LieWithinTheirRange()
    {
        var dataset = new RandomDataset { InputLength = 100, OutputLength = 10, PrefixLength = 5, RangeRatio = 0.5 };

        var prompts = dataset.DrawIds([3, 5, 7], 50, new Random(1));

        Assert.Equal(50, prompts.Count);
        Assert.All(prompts, prompt => Assert.InRange(prompt.PromptTokens, 55, 155));
        Assert.All(prompts, prompt => Assert.InRange(prompt.OutputTokens, 5, 15));
        Assert.All(prompts, prompt => Assert.Equal(prompts[0].Prompt.TokenIds!.Take(5), prompt.Prompt.TokenIds!.Take(5)));
        Assert.All(prompts.SelectMany(prompt => prompt.Prompt.TokenIds!), id => Assert.Contains(id, new[] { 3, 5, 7 }));
    }

    [Fact]
    public void DrawIds_NoRange_IsExact() =>
        Assert.All(new RandomDataset { InputLength = 12, OutputLength = 4 }.DrawIds([1], 3, new Random(1)),
        prompt => Assert.Equal((12, 4), (prompt.PromptTokens, prompt.OutputTokens)));

    [Fact]
    public void ReadCustom_Lines_AreRepeated()
    {
        File.WriteAllText(_file, "{\"prompt\":\"a\"}\n\n{\"prompt\":\"b\"}\n");

        Assert.Equal(["a", "b", "a"], FileDataset.ReadCustom(_file, 3, 8).Select(prompt => prompt.Prompt.Text));
    }

    [Theory]
    [InlineData("{\"text\":\"a\"}")]
    [InlineData("not json")]
    [InlineData("")]
    public void ReadCustom_OtherContent_IsRefused(string content)
    {
        File.WriteAllText(_file, content);

        Assert.Contains("--dataset-path", Assert.Throws<CommandException>(() => FileDataset.ReadCustom(_file, 1, 1)).Message);
    }

    [Fact]
    public async Task ReadShareGpt_Conversations_GivesQuestionsOfUsableLength()
    {
        File.WriteAllText(_file, """
            [{"conversations":[{"from":"human","value":"one two three four"},{"from":"gpt","value":"a b c d e"}]},
             {"conversations":[{"from":"human","value":"short"},{"from":"gpt","value":"a b c d e"}]},
             {"conversations":[]}]
            """);

        var prompts = await FileDataset.ReadShareGptAsync(_file, 2, null, text => Task.FromResult(text.Split(' ').Length), new Random(1));

        Assert.All(prompts,
            prompt => Assert.Equal(("one two three four", 4, 5), (prompt.Prompt.Text, prompt.PromptTokens, prompt.OutputTokens)));
    }
}
