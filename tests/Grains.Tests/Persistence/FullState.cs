using Grid.Abstractions.Configuration;
using Grid.Abstractions.Operations;
using Grid.Abstractions.Replicas;
using Grid.Grains.Records;
using Grid.Primitives.Options;

namespace Grid.Grains.Tests.Persistence;

/// <summary>A state with everything in it: several configurations, plans with and without experts, operations, cordons.</summary>
internal static class FullState
{
    private static DateTimeOffset At(int minute) => new(2026, 3, 14, 15, minute, 26, 535, TimeSpan.Zero);

    /// <summary>The state that the file of version 1 holds.</summary>
    public static GridState State()
    {
        ModelSpec[] models =
        [
            new("guide", "sim", 2, null, 1, DrainTimeout: TimeSpan.FromSeconds(30),
                Sim: new SimSpec(1L << 30, LoadSeconds: 0.05, PrefillTokensPerSecond: 4000.5, StepMilliseconds: 7.25, KVTokens: 65536,
                MaxModelLen: 4096, Vocab: 512)),
            new("owner/mixture", "/models/mixture", null,
                new AutoscaleSpec(0, 3, 20000, 0.85, TimeSpan.FromMilliseconds(1500), TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(5),
                TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(2)),
                1, MaxSurge: 2, DrainTimeout: TimeSpan.FromMinutes(5),
                Parallelism: new ParallelismSpec(false, 2, 2, 2, 4, [7, 9], ExecutorBackend.Grid),
                Engine: new() { ["dtype"] = "float32", ["maxNumSeqs"] = "64" },
                Aliases: ["mixture", "смесь"],
                Placement: new PlacementSpec(new() { ["zone"] = "east" }, "none", 5)),
        ];
        var gateway = new GatewaySpec("least-load", new QueueSpec(50, TimeSpan.FromSeconds(20)),
            new ResumeSpec(ResumeMode.Exact, 5, TimeSpan.FromSeconds(4)));
        var first = new GridConfig("home", new GatewaySpec(), [models[0]]);
        var second = new GridConfig("home", gateway, models);
        var solo = new ReplicaPlan("guide", 0, 7, "0123456789abcdef", models[0], new ReplicaLayout(),
            [new ShardPlan(ShardId.DriverOf(0), "node-a", "inc-a", "S127.0.0.1:8003:1", DeviceId.Sim(0), 1L << 30, "127.0.0.1:8005",
            CacheBytes: 1 << 20)]);
        var split = new ReplicaPlan("owner/mixture", 1, 12, "fedcba9876543210", models[1], new ReplicaLayout(1, 2, 2, 2),
            [
                .. from rank in Enumerable.Range(0, 2)
                   from stage in Enumerable.Range(0, 2)
                   select new ShardPlan(new ShardId(rank, stage, 0), stage == 0 ? "node-a" : "node-b", stage == 0 ? "inc-a" : "inc-b",
                       "S127.0.0.1:8003:1", DeviceId.Cuda(rank), 3L << 30, "127.0.0.1:8005", CacheBytes: 1L << 29),
                new ShardPlan(new ExpertShardId(0), "node-a", "inc-a", "S127.0.0.1:8003:1", DeviceId.Cpu, 1L << 29, "127.0.0.1:8005"),
                new ShardPlan(new ExpertShardId(1), "node-b", "inc-b", "S127.0.0.1:8013:1", DeviceId.Cpu, 1L << 29, "127.0.0.1:8015",
                    Generation: 3),
            ], [7, 9], ["4 devices of 24 GiB hold 2 ranks of 2 stages.", "Experts are spread over 2 nodes."]);
        return new GridState
        {
            Incarnation = "9f2c6d1b7a3e4f58a0b1c2d3e4f50617",
            Epoch = 12,
            LastOperation = 6,
            LastEvent = 1024,
            Configs =
            [
                new ConfigRecord(1, At(1), "admin", "metadata: {name: home}\n", "1 model", first),
                new ConfigRecord(2, At(2), "file", "metadata: {name: home}\n# with a mixture\n", "model owner/mixture added", second),
            ],
            Deployed = new() { ["расширение"] = models[0] with { Name = "расширение", Replicas = 1 } },
            Deleted = ["retired"],
            Overrides = new() { ["guide"] = 3 },
            Cordons = new()
            {
                ["node-b"] = new CordonRecord("admin", At(3), "op-5", false),
                ["node-c"] = new CordonRecord("admin", At(4), null, true),
            },
            Plans = new()
            {
                [7] = new PlanRecord(solo, ReplicaTarget.Serve, null, 4, false, Served: true),
                [12] = new PlanRecord(split, ReplicaTarget.Drain, At(9), 31, false, 3, true, At(10),
                    [split.Shards[5] with { Node = "node-a", Generation = 4 }]),
                [9] = new PlanRecord(solo with { Epoch = 9, Index = 1 }, ReplicaTarget.Stop, At(5), 8, true),
            },
            Operations =
            [
                new OperationRecord("op-1", OperationKind.Rollout, "guide", OperationState.Succeeded, "Done", "2 replicas are ready", At(1),
                    At(2), null, null, false, "admin"),
                new OperationRecord("op-2", OperationKind.Scale, "guide", OperationState.Cancelled, null, null, At(2), At(2), null, null,
                    false, "admin"),
                new OperationRecord("op-3", OperationKind.Delete, "retired", OperationState.Failed, "Lost", "a sentence", At(3), At(3),
                    null, null, false, "admin"),
                new OperationRecord("op-5", OperationKind.Drain, "node-b", OperationState.Running, null, "2 shards to move", At(3), null,
                    TimeSpan.FromSeconds(90), At(3), true, "admin", At(5)),
                new OperationRecord("op-6", OperationKind.Drain, "node-c", OperationState.Blocked, "NoRoom", "It waits for room.", At(4),
                    null, null, null, false, "admin"),
            ],
        };
    }
}
