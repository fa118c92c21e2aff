using Grid.Engine.Loading;
using Grid.Engine.Models.Files;
using Grid.Engine.Tests.Execution;
using Grid.Engine.Tests.Models;
using Grid.Engine.Tests.Parallelism.Experts.Remote;
using Grid.Primitives.Options;
using Grid.TestUtilities;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Engine.Tests.Parallelism.Remote;

/// <summary>A rank whose shards and experts stand elsewhere.</summary>
[Collection(nameof(OneThreadAShard))]
public sealed class GridBackendTests
{
    [Theory]
    [InlineData("qwen3-moe", 1, 2)]
    [InlineData("mixtral", 2, 2)]
    public async Task Execute_WhileAnExpertShardIsLost_LeadsTheShardsToItsNextIncarnation(string model, int tensor, int pipeline)
    {
        var folder = Fixtures.Own("hf/" + model);
        var options = new EngineOptions
        {
            Model = folder,
            DType = ModelDType.Float32,
            CpuThreads = 1,
            TensorParallelSize = tensor,
            PipelineParallelSize = pipeline,
            EnableExpertParallel = true,
            ExpertParallelSize = 2,
        };
        using var board = new ExpertSwitchboard(options);
        board.PlaceAll();
        using var experts = board.Connect();
        var client = experts.Group.Connect(0);
        var grid = new ShardGrid(tensor * pipeline, board.Dial);
        var config = ModelConfigReader.Read(Path.Combine(folder, "config.json"));
        using (var rank =
            new StepDriver(ModelRunnerFactory.Create(config, null, options, client, grid.Shards, null, NullLogger.Instance), 256))
        {
            var (prompt, greedy) = Goldens.ReadTokens(folder)[2];
            rank.Prefill(StepDriver.Start(prompt));
            var (rows, stalls) = (client.Usage.RowsOf(1), client.Usage.Stalls);
            Assert.True(rows > 0, "no rows were counted");

            // Only the driver is told.
            var placed = board.PlaceAnewWhereMissed(other: 0, experts);
            board.Kill(1);
            Assert.Equal(greedy, rank.Greedy(StepDriver.Start(prompt), greedy.Length).Select(step => step.Token));
            await placed;
            Assert.InRange(client.Usage.Stalls, stalls + 1, long.MaxValue);
            Assert.True(client.Usage.RowsOf(1) > rows, "no more rows were counted");
        }

        grid.Join();
    }
}
