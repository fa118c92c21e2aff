using Grid.Abstractions;
using Grid.Cli.Tests.Processes;
using Grid.TestUtilities.Processes;

namespace Grid.Cli.Tests.Chat;

public sealed class ChatCommandTests
{
    [Fact]
    public async Task Chat_Guide_AnswersUntilTheExit()
    {
        await using var grid = await GridProcess.RunAsync("chat --cpu-threads 1",
            "What is tensor parallelism?\n\n/clear\nHow do I drain a node?\n/exit\nnever asked\n");

        Assert.Equal(ExitCodes.Done, grid.ExitCode);
        Assert.Collection(
            grid.OutputLines,
            line => Assert.StartsWith("Tensor parallelism splits", line),
            line => Assert.StartsWith("Use grid drain NODE.", line));
    }

    [Theory]
    [InlineData("chat --url http://127.0.0.1:1", ExitCodes.Unreachable, "No server answers at http://127.0.0.1:1")]
    [InlineData("chat --url nonsense", ExitCodes.Usage, "--url must be an http address; got 'nonsense'.")]
    public async Task Chat_NoServer_ExitsWithItsCode(string line, int expected, string words)
    {
        var result = await InProcess.RunAsync(line.Split(' '));

        Assert.Equal(expected, result.ExitCode);
        Assert.Contains(words, result.Error);
    }
}
