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

    private readonly Parser _parser;
    private readonly FaultList _faults;
    private readonly Dictionary<string, ConfigNode> _anchors = [];

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
        if (_parser.TryConsume<AnchorAlias>(out var alias))
            return _anchors.TryGetValue(alias.Value.Value, out var known)
                ? known
                : throw new YamlException(at, at, $"no anchor '{alias.Value.Value}' before this alias");
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

        if (!anchor.IsEmpty) _anchors[anchor.Value] = node;
        return node;
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
