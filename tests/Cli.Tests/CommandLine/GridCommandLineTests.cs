using Grid.Abstractions;

namespace Grid.Cli.Tests.CommandLine;

public sealed class GridCommandLineTests
{
    [Theory]
    [InlineData("pulll", "pull")]
    [InlineData("pul", "pull")]
    [InlineData("bench srve", "serve")]
    [InlineData("pull a/b --revisoin x", "--revision")]
    [InlineData("bench serve --num-prompt 3", "--num-prompts")]
    [InlineData("up --hed", "--head")]
    public async Task RunAsync_UnknownName_NamesTheNearest(string line, string nearest)
    {
        var (code, output, error) = await RunAsync(line);

        Assert.Equal(ExitCodes.Usage, code);
        Assert.Empty(output);
        Assert.Contains($"The nearest is {nearest}.", error);
    }

    [Theory]
    [InlineData("batch -i a -o b")]
    public async Task RunAsync_VerbOfALaterVersion_SaysNotSupported(string line)
    {
        var (code, output, error) = await RunAsync(line);

        Assert.Equal(ExitCodes.Usage, code);
        Assert.Empty(output);
        Assert.Contains("not supported in this version", error);
    }

    [Theory]
    [InlineData("bench serve --num-prompts zero", "--num-prompts must be a whole number of at least 1; got 'zero'.")]
    [InlineData("bench serve --num_prompts -3", "--num-prompts must be a whole number of at least 1; got '-3'.")]
    [InlineData("bench serve --backend vlm", "--backend must be one of openai, vllm, openai-chat; got 'vlm'.")]
    [InlineData("pull nothing", "MODEL must be ORG/NAME")]
    [InlineData("pull a/../b", "MODEL must be ORG/NAME")]
    [InlineData("pull a/b --revision ../x", "--revision must be")]
    [InlineData("pull a/b c", "'grid pull' takes no further arguments; got 'c'.")]
    public async Task RunAsync_BadValue_StatesTheRule(string line, string expected)
    {
        var (code, _, error) = await RunAsync(line);

        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains(expected, error);
    }

    [Fact]
    public async Task RunAsync_Help_Teaches()
    {
        var (code, output, _) = await RunAsync("pull --help");

        Assert.Equal(ExitCodes.Done, code);
        Assert.Contains("Examples:", output);
        Assert.Contains("HF_ENDPOINT", output);
        Assert.Contains("[default: main]", output);
    }

    [Theory]
    [InlineData("bash", "complete ")]
    [InlineData("zsh", "compdef")]
    [InlineData("fish", "complete -c grid")]
    [InlineData("pwsh", "Register-ArgumentCompleter")]
    public async Task RunAsync_Completion_PrintsAScript(string shell, string expected) =>
        Assert.Contains(expected, (await RunAsync($"completion {shell}")).Output);

    [Fact]
    public async Task RunAsync_Suggestion_ListsWordsThatFit()
    {
        using var output = new StringWriter();

        await GridCommandLine.RunAsync(["[suggest:22]", "grid bench serve --num-"], output, TextWriter.Null);

        Assert.Contains("--num-prompts", output.ToString());
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string line)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await GridCommandLine.RunAsync(line.Split(' '), output, error);
        return (code, output.ToString(), error.ToString());
    }
}
