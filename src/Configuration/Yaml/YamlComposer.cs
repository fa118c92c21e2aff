using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Grid.Configuration.Yaml;

/// <summary>
/// Reads YAML (and so JSON) into nodes with their positions. Unlike the library's own model it keeps duplicate keys, so that they are
/// reported together with all other faults.
/// </summary>
internal sealed class YamlComposer
{
    /// <summary>Deeper documents are refused.</summary>
    public const int MaxDepth = 32;

    /// <summary>Nodes of a document, those behind aliases as often as they are named.</summary>
    public const int MaxNodes = 100_000;

    private readonly Dictionary<ConfigNode, long> _sizes = new(ReferenceEqualityComparer.Instance);
    private readonly Parser _parser;
    private readonly FaultList _faults;
    private readonly Dictionary<string, ConfigNode> _anchors = [];
    private long _nodes;

    private YamlComposer(Parser parser, FaultList faults)
    {
        _parser = parser;
        _faults = faults;
    }

    /// <summary>The only document of a text; null where it is empty or is no YAML, which is reported.</summary>
    public static ConfigNode? Compose(string text, FaultList faults)
    {
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _))
            {
                faults.Add(1, 1, "", "must be a mapping; got an empty file.");
                return null;
            }

            var root = new YamlComposer(parser, faults).Node(0);
            parser.Consume<DocumentEnd>();
            if (parser.TryConsume<DocumentStart>(out var second))
                faults.Add((int)second.Start.Line, (int)second.Start.Column, "", "must be one YAML document; got a second one.");
            return root;
        }
        catch (YamlException fault)
        {
            faults.Add((int)fault.Start.Line, (int)fault.Start.Column, "", $"must be YAML: {(fault.InnerException ?? fault).Message}");
            return null;
        }
    }

    private ConfigNode Node(int depth)
    {
        var at = _parser.Current!.Start;
        if (depth > MaxDepth) throw new YamlException(at, at, $"nested deeper than {MaxDepth}");
        var (line, column) = ((int)at.Line, (int)at.Column);
        var before = _nodes;
        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            if (!_anchors.TryGetValue(alias.Value.Value, out var known))
                throw new YamlException(at, at, $"no anchor '{alias.Value.Value}' before this alias");
            Count(at, _sizes[known]);
            return known;
        }

        Count(at, 1);
        ConfigNode node;
        AnchorName anchor;
        if (_parser.TryConsume<Scalar>(out var scalar))
            (node, anchor) = (new ScalarNode(line, column, scalar.Value, scalar.Style == ScalarStyle.Plain), scalar.Anchor);
        else if (_parser.TryConsume<SequenceStart>(out var sequence)) (node, anchor) = (List(line, column, depth), sequence.Anchor);
        else
        {
            anchor = _parser.Consume<MappingStart>().Anchor;
            node = Mapping(line, column, depth);
        }

        if (anchor.IsEmpty) return node;
        _anchors[anchor.Value] = node;
        _sizes[node] = _nodes - before;
        return node;
    }

    // A few lines of aliases to aliases can stand for more than any memory holds.
    private void Count(Mark at, long nodes)
    {
        if ((_nodes += nodes) > MaxNodes) throw new YamlException(at, at, $"more than {MaxNodes:N0} nodes, aliases counted in full");
    }

    private ListNode List(int line, int column, int depth)
    {
        var items = new List<ConfigNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _)) items.Add(Node(depth + 1));
        return new ListNode(line, column, items);
    }

    private MappingNode Mapping(int line, int column, int depth)
    {
        var entries = new List<(ScalarNode, ConfigNode)>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = Node(depth + 1);
            var value = Node(depth + 1);
            if (key is ScalarNode name) entries.Add((name, value));
            else _faults.Add(key, "", "a key must be a text; got a list or mapping.");
        }

        return new MappingNode(line, column, entries);
    }
}
