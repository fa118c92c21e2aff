namespace Grid.Architecture.Tests.House;

/// <summary>The folders of each project from the bottom up: none uses one to its right. <c>.</c> is the project's own folder.</summary>
internal static class Floors
{
    public static readonly IReadOnlyDictionary<string, string[]> Of = new Dictionary<string, string[]>
    {
        ["Abstractions"] =
        [
            ".", "Configuration", "Http", "Names", "Serialization", "Models", "Replicas", "Routing", "Nodes", "Admin",
            "Operations", "Events", "Grains",
        ],
        ["Cli"] =
        [
            "CommandLine", "Loading", "Bench/Datasets", "Devices", "Operators/Output", "Pull", "Tools", "Options", "Bench",
            "Chat", "Operators/Access", "Plan", "Up", "Doctor", "Operators/Nodes", "Operators/Status", "Operators/Waiting",
            "Operators/Configuration", "Operators/Models", "Operators/Processes", "Operators/Rollouts", "Serve", ".",
        ],
        ["Client"] =
        [
            "Admin", "Requests", "Streaming", ".",
        ],
        ["Cluster"] =
        [
            "Security", "Joining", "Store", "Hosting",
        ],
        ["Configuration"] =
        [
            "Yaml", "Reading", "Writing", "Changes",
        ],
        ["Engine"] =
        [
            "Configuration", "KVCache", "Devices", "Geometry", "Requests", "Inputs", "Kernels", "Sampling", "Scheduling",
            "Collectives", "Kernels/Cpu", "Linears", "Steps", "Attention", "Collectives/Nccl", "Experts", "Parallelism/Links",
            "Weights", "Layers", "Weights/Gguf/Quants", "Weights/Pickle", "Weights/Safetensors", "Layers/Experts",
            "Weights/Folders", "Weights/Gguf", "Models", "Models/Families", "Execution", "Models/Files", "Validation",
            "Parallelism/Experts", "Simulation", "Parallelism/Experts/Remote", "Parallelism/Shards", "Parallelism/Remote",
            "Parallelism/Processes", "Parallelism/Runners", "Loading", "Planning", "Serving", "Outputs", "Offline",
        ],
        ["Gateway"] =
        [
            "Ranks", "Tables", "Telemetry", "Admin", "LoadBalancing", "Routing", "Admission", "Forwarding", "Hosting",
        ],
        ["Grains"] =
        [
            "Persistence", "Records", "Store", "Placement", "Shards", "Operations", "Recovery", "Draining", "Replicas", "Models",
            "Nodes", "Views", "Control", ".",
        ],
        ["Hosting"] =
        [
            "Http", "Logging", "Telemetry",
        ],
        ["Node"] =
        [
            "Options", "Configuration", "Foundation", "Roles", "Processes",
        ],
        ["Primitives"] =
        [
            "Ids", "Timing", "Units", "Options",
        ],
        ["Silo"] =
        [
            "DataPlane", "Devices", "Directives", "Files", "OpenAI/Resuming", "Ranks", "Access", "Shards", "OpenAI/Requests",
            "Reporting", "OpenAI/Generating", "OpenAI/Responses", "OpenAI/Answering", "OpenAI/Endpoints", "Hosting",
        ],
        ["Tokenization"] =
        [
            "ChatTemplates/Objects", "Models", "Patterns", ".", "ChatTemplates", "ChatTemplates/Operations", "Normalization",
            "PreTokenization", "AddedTokens", "ChatTemplates/Filters", "ChatTemplates/Syntax", "Decoding", "Bpe",
            "ChatTemplates/Rendering", "Gguf", "HuggingFace", "Loading",
        ],
    };
}
