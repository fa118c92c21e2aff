using System.Text.Json;
using Grid.Abstractions;
using Grid.Cli.Tests.Processes;
using Grid.TestUtilities.Processes;

namespace Grid.Cli.Tests.Chat;

public sealed class RunCommandTests
{
    [Fact]
    public async Task Run_Guide_PrintsTheAnswerAlone()
    {
        await using var grid = GridProcess.Start(["run", "guide", "What is tensor parallelism?", "--cpu-threads", "1"]);

        Assert.Equal(ExitCodes.Done, await grid.WaitForExitAsync());
        Assert.StartsWith("Tensor parallelism splits every layer's weight matrices", Assert.Single(grid.OutputLines));
        Assert.Empty(grid.Error);
    }

    [Fact]
    public async Task Run_JsonFromStdin_IsTheApisBody()
    {
        await using var grid = await GridProcess.RunAsync("run sim - --raw -o json --max-tokens 3 --temperature 0", "hello\n");

        Assert.Equal(ExitCodes.Done, grid.ExitCode);
        using var body = JsonDocument.Parse(grid.Output);
        Assert.Equal("text_completion", body.RootElement.GetProperty("object").GetString());
        Assert.Equal("sim", body.RootElement.GetProperty("model").GetString());
        Assert.Equal(3, body.RootElement.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        Assert.Equal(5, body.RootElement.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
    }

    [Theory]
    [InlineData("run no-such-model hi", ExitCodes.NotFound, "no-such-model")]
    [InlineData("run sim", ExitCodes.Usage, "'grid run' needs PROMPT.")]
    [InlineData("run sim hi --temperature 3", ExitCodes.Usage, "--temperature must be a number from 0 to 2; got '3'.")]
    [InlineData("run guide hi --raw --max-tokens 100000", ExitCodes.Usage, "100000")]
    public async Task Run_WhatCannotBe_ExitsWithItsCode(string line, int expected, string words)
    {
        var result = await InProcess.RunAsync(line.Split(' '));

        Assert.Equal(expected, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.Contains(words, result.Error);
    }
}
