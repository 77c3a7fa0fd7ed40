using System.Text.RegularExpressions;
using Whence.Import.Declare;
using Whence.Import.Write;

namespace Whence.Import.Blocks;

/// <summary>
/// Makes equal parts of a network one class: those that the file's names say ("encoder.layer.0", "encoder.layer.1"), then runs of equal
/// steps between which one value goes on.
/// </summary>
internal static partial class BlockFinder
{
    private const int Longest = 160;
    private const int MostInputs = 3;

    /// <summary>Exchanges parts of the declaration for calls of sub-networks.</summary>
    public static void Find(Declaration declaration)
    {
        BringForward(declaration);
        ByName(declaration);
        while (Repeated(declaration) is { } parts)
            Extract(declaration, parts, Named(declaration.Steps.GetRange(parts[0].Start, parts[0].Length)), _ => "");
    }

    /// <summary>
    /// What several steps read and no layer has been asked for, as a mask is, comes first: else it would lie in the part that reads it
    /// first, which would then be unlike the others.
    /// </summary>
    private static void BringForward(Declaration declaration)
    {
        var early = new HashSet<Step>(declaration.Inputs);
        early.UnionWith(declaration.Steps.Where(step =>
        {
            var isEarly = step.Layer is null && step.Read.All(early.Contains);
            if (isEarly)
                early.Add(step);
            return isEarly;
        }).ToList());
        var readers = declaration.Steps.SelectMany(step => step.Read.Distinct()).GroupBy(step => step)
            .ToDictionary(group => group.Key, group => group.Count());
        var (first, open) = (new HashSet<Step>(), new Stack<Step>(
            declaration.Steps.Where(step => early.Contains(step) && readers.GetValueOrDefault(step) > 1)));
        while (open.TryPop(out var step))
        {
            if (step.Input is not null || !first.Add(step))
                continue;
            foreach (var read in step.Read)
                open.Push(read);
        }
        var ordered = declaration.Steps.OrderBy(step => first.Contains(step) ? 0 : 1).ToList();
        declaration.Steps.Clear();
        declaration.Steps.AddRange(ordered);
    }

    private static void ByName(Declaration declaration)
    {
        var groups = new Dictionary<string, List<(int Index, string Prefix)>>();
        for (var i = 0; i < declaration.Steps.Count; i++)
        {
            // The outermost number of a path is that of its block.
            if (declaration.Steps[i].Layer is { } layer && Numbered().Match(layer.Path) is { Success: true } match)
            {
                if (!groups.TryGetValue(match.Groups[1].Value, out var list))
                    groups[match.Groups[1].Value] = list = [];
                list.Add((i, match.Value));
            }
        }
        var parts = groups.Values.SelectMany(list => list.GroupBy(one => one.Prefix))
            .Select(part => (part.Key, Start: part.Min(one => one.Index), End: part.Max(one => one.Index) + 1))
            .Where(part => part.End - part.Start > 2).ToList();
        // What has no weights behind the last layer belongs to it, up to the next layer that has.
        var extended = parts.Select(part => (part.Key, part.Start, End: Extended(declaration, part.End))).ToList();
        string Signature(int start, int end) => BlockFinder.Signature(declaration, start, end);
        var classes = new List<List<(string Prefix, int Start, int Length)>>();
        foreach (var same in extended.Select((part, i) => (part.Key, part.Start, part.End, Shortest: parts[i].End))
            .GroupBy(part => Signature(part.Start, part.Shortest)))
        {
            var most = same.Min(part => part.End - part.Shortest);
            while (most > 0 && same.Select(part => Signature(part.Start, part.Shortest + most)).Distinct().Count() > 1)
                most--;
            while (most > 0 && !same.All(part => IsWhole(declaration, part.Start, part.Shortest + most - part.Start)))
                most--;
            classes.Add([.. same.Select(part => (part.Key, part.Start, part.Shortest + most - part.Start))]);
        }
        ExtractNamed(declaration, [.. Apart(classes).Where(same => same.All(part => IsWhole(declaration, part.Start, part.Length)))]);
    }

    /// <summary>Classes none of whose parts lies over another's.</summary>
    private static IEnumerable<List<(string Prefix, int Start, int Length)>> Apart(
        List<List<(string Prefix, int Start, int Length)>> classes)
    {
        var taken = new HashSet<int>();
        foreach (var same in classes.Where(same => same.Count > 1).OrderByDescending(same => same.Sum(part => part.Length)))
        {
            if (same.SelectMany(part => Enumerable.Range(part.Start, part.Length)).Any(taken.Contains))
                continue;
            taken.UnionWith(same.SelectMany(part => Enumerable.Range(part.Start, part.Length)));
            yield return same;
        }
    }

    private static void ExtractNamed(Declaration declaration, IReadOnlyList<List<(string Prefix, int Start, int Length)>> classes)
    {
        // Steps are told apart by themselves, since places change as parts are taken out.
        var parts = classes.Select(
            same => same.Select(part => (part.Prefix, Steps: declaration.Steps.GetRange(part.Start, part.Length))).ToArray())
            .ToArray();
        foreach (var same in parts)
        {
            var places = same.Select(part => (declaration.Steps.IndexOf(part.Steps[0]), part.Steps.Count)).ToList();
            var prefixes = same.Select(part => part.Prefix[..part.Prefix.LastIndexOf('.')]).Distinct().ToArray();
            var name = prefixes.Length == 1 ? Words.Pascal(prefixes[0]) : "Block";
            var byStep = same.ToDictionary(part => part.Steps[0], part => part.Prefix);
            Extract(declaration, places, name, step => byStep[step]);
        }
    }

    private static int Extended(Declaration declaration, int end)
    {
        while (end < declaration.Steps.Count && declaration.Steps[end] is { Layer: null, Block: null })
            end++;
        return end;
    }

    /// <summary>What to call a block whose file has no name for it: one with strides makes its image smaller.</summary>
    private static string Named(List<Step> part) =>
        part.Any(step => step.Layer?.Settings.Any(setting => setting is { Name: "Stride", Value: not 1 }) == true) ? "DownBlock" : "Block";

    /// <summary>The parts of the best run that there is several times; null if there is none.</summary>
    private static List<(int Start, int Length)>? Repeated(Declaration declaration)
    {
        var steps = declaration.Steps;
        var tokens = Tokens(declaration);
        var (best, score) = ((List<(int, int)>?)null, 0);
        for (var length = 4; length <= Math.Min(Longest, steps.Count / 2); length++)
        {
            foreach (var same in Enumerable.Range(0, steps.Count - length + 1)
                .GroupBy(start => Hash(tokens, start, length))
                .Where(group => group.Count() > 1))
            {
                var apart = new List<(int Start, int Length)>();
                foreach (var start in same)
                {
                    if ((apart.Count == 0 || start >= apart[^1].Start + length) && IsBlock(declaration, start, length)
                        && (apart.Count == 0
                            || Signature(declaration, start, start + length)
                                == Signature(declaration, apart[0].Start, apart[0].Start + length)))
                        apart.Add((start, length));
                }
                if (apart.Count > 1 && (apart.Count - 1) * length > score)
                    (best, score) = (apart, (apart.Count - 1) * length);
            }
        }
        return best;
    }

    private static int Hash(string[] tokens, int start, int length)
    {
        var hash = new HashCode();
        for (var i = 0; i < length; i++)
            hash.Add(tokens[start + i], StringComparer.Ordinal);
        return hash.ToHashCode();
    }

    /// <summary>Steps as text, alike where one class can say both: what they read of others is told by its order alone.</summary>
    private static string Signature(Declaration declaration, int start, int end)
    {
        var steps = declaration.Steps.GetRange(start, end - start);
        var places = steps.Select((step, i) => (step, i)).ToDictionary(pair => pair.step, pair => pair.i);
        var outer = new Dictionary<FromStep, int>();
        return string.Join('\n', steps.Select(step => Token(step, from =>
        {
            if (places.TryGetValue(from.Step, out var place))
                return $"{place}.{from.Part}";
            if (!outer.TryGetValue(from, out var number))
                outer[from] = number = outer.Count;
            return $"outer{number}";
        })));
    }

    /// <summary>
    /// Whether steps are one block: at least two layers, one value that goes on, and no place within at which it could be two.
    /// </summary>
    private static bool IsBlock(Declaration declaration, int start, int length)
    {
        var part = declaration.Steps.GetRange(start, length);
        if (part.Any(step => step.Block is not null)
            || part.Count(step => step.Layer is not null) < 2
            || part[0].Layer is null
            || !IsWhole(declaration, start, length))
            return false;
        for (var cut = 1; cut < length; cut++)
        {
            if (part.Skip(cut).Any(step => step.Layer is not null)
                && IsWhole(declaration, start, cut)
                && IsWhole(declaration, start + cut, length - cut)
                && Outside(part.GetRange(cut, length - cut)).Count == 1)
                return false;
        }
        return true;
    }

    /// <summary>Whether what goes out of these steps is the last one's value alone, and few come in.</summary>
    private static bool IsWhole(Declaration declaration, int start, int length)
    {
        var part = declaration.Steps.GetRange(start, length);
        if (part.SelectMany(step => step.Operands).OfType<LengthOf>().Any())
            return false;
        var inner = part.ToHashSet();
        var rest = declaration.Steps.Where(step => !inner.Contains(step)).SelectMany(step => step.Read).Concat(declaration.Outputs);
        var given = rest.Where(inner.Contains).Distinct().ToArray();
        return given.Length == 1 && given[0] == part[^1] && part[^1].Parts == 1 && Outside(part).Count is > 0 and <= MostInputs;
    }

    /// <summary>What steps read of others, in the order in which they do.</summary>
    private static List<FromStep> Outside(List<Step> part) =>
        [.. part.SelectMany(step => step.Operands).OfType<FromStep>().Where(from => !part.Contains(from.Step)).Distinct()];

    /// <summary>Each step as text by itself: what steps have in common of which one class can say both.</summary>
    private static string[] Tokens(Declaration declaration)
    {
        var places = declaration.Steps.Select((step, i) => (step, i)).ToDictionary(pair => pair.step, pair => pair.i);
        // What comes before all layers is the same to all parts.
        var ahead = declaration.Steps.TakeWhile(step => step is { Layer: null, Block: null }).Count();
        return [.. declaration.Steps.Select((step, at) => Token(step, from => !places.TryGetValue(from.Step, out var place)
            ? $"in{from.Step.Word}"
            : place < ahead && at >= ahead ? $"ahead{place}.{from.Part}" : $"{at - place}.{from.Part}"))];
    }

    private static string Token(Step step, Func<FromStep, string> read)
    {
        var operands = step.Operands.Select(operand => operand is FromStep from ? read(from) : operand.ToString());
        var settings = step.Layer?.Settings
            .Select(setting => $"{setting.Name}={(CanBeParameter(step.Layer.Kind, setting) ? "n" : setting.Value)}")
            ?? [];
        var roles = step.Layer is null ? "" : string.Join(",", step.Layer.Tensors.Keys.Order());
        var inner = step.Block is { } block ? block.Type.Name : "";
        return $"{step.Word}{(step.IsLoop ? " of each" : "")}({string.Join(",", operands)})[{string.Join(",", settings)}]{roles}{inner}";
    }

    private static bool CanBeParameter(string kind, Setting setting) =>
        setting.Value is int && kind is not ("GroupNorm" or "LayerNorm" or "RmsNorm" or "Parameter")
            && setting.Name is not "Layers";

    private static void Extract(Declaration declaration, List<(int Start, int Length)> parts, string name, Func<Step, string> path)
    {
        var taken = CSharpWriter.Blocks(declaration).Select(block => block.Name).ToHashSet();
        var type = new BlockClass { Name = name };
        // With letters, since fields are numbered.
        for (var letter = 'B'; taken.Contains(type.Name); letter++)
            type.Name = $"{name}{letter}";
        var segments = parts.Select(part => declaration.Steps.GetRange(part.Start, part.Length)).ToArray();
        var paths = segments.Select(segment => path(segment[0])).ToArray();
        if (paths.All(one => one.Length == 0))
            paths = Common(segments);
        Copy(segments, paths, type);
        for (var i = 0; i < segments.Length; i++)
        {
            var segment = segments[i];
            var block = new Block(type) { Path = paths[i] };
            block.Layers.AddRange(segment.Select(step => step.Layer).OfType<Layer>().Distinct());
            block.Arguments.AddRange(type.Numbers.Select(values => values[i]));
            type.Instances.Add(block);
            var call = new Step(type.Name, segment[^1].Axes) { Block = block, Operands = [.. Outside(segment)] };
            var at = declaration.Steps.IndexOf(segment[0]);
            declaration.Steps.RemoveRange(at, segment.Count);
            declaration.Steps.Insert(at, call);
            Redirect(declaration, segment[^1], call);
        }
    }

    /// <summary>
    /// The module that all layers of each segment lie in, where they are called alike below it; empty for all if it is not so.
    /// </summary>
    private static string[] Common(List<Step>[] segments)
    {
        string[] none = [.. segments.Select(_ => "")];
        var layers = segments.Select(segment => segment.Select(step => step.Layer).OfType<Layer>().Distinct().ToArray()).ToArray();
        if (layers.Any(each => each.Any(layer => layer.Path.Length == 0)))
            return none;
        // The last part is the layer's own.
        var paths = layers.Select(each => each.Select(layer => layer.Path.Split('.')[..^1]).Aggregate(Shared)).ToArray();
        var below = layers.Select((each, i) => string.Join('\n', each.Select(layer => layer.Path[Math.Min(layer.Path.Length, paths[i].Sum(
            part => part.Length + 1))..])));
        return paths.Any(path => path.Length == 0) || below.Distinct().Count() > 1 ? none
            : [.. paths.Select(path => string.Join('.', path))];

        static string[] Shared(string[] a, string[] b) =>
            [.. a.Zip(b).TakeWhile(pair => pair.First == pair.Second).Select(pair => pair.First)];
    }

    private static void Redirect(Declaration declaration, Step from, Step to)
    {
        foreach (var step in declaration.Steps)
        {
            for (var i = 0; i < step.Operands.Count; i++)
            {
                if (step.Operands[i] is FromStep read && read.Step == from)
                    step.Operands[i] = new FromStep(to);
            }
        }
        for (var i = 0; i < declaration.Outputs.Count; i++)
        {
            if (declaration.Outputs[i] == from)
                declaration.Outputs[i] = to;
        }
    }

    /// <summary>Declares the class by its first instance, with parameters for the numbers in which others differ.</summary>
    private static void Copy(List<Step>[] segments, string[] paths, BlockClass type)
    {
        string[] names = ["x", "second", "third"];
        var (copies, outer) = (new Dictionary<Step, Step>(), new Dictionary<FromStep, Step>());
        foreach (var from in Outside(segments[0]))
        {
            var input = new Step(names[type.Declaration.Inputs.Count], []) { Input = InputKind.Shape };
            type.Declaration.Inputs.Add(input);
            outer[from] = input;
        }
        var layers = segments.Select(segment => segment.Select(step => step.Layer).OfType<Layer>().Distinct().ToArray()).ToArray();
        var patterns = layers[0]
            .Select((layer, i) => (layer, Pattern(layers, i, paths[0], type)))
            .ToDictionary(pair => pair.layer, pair => pair.Item2);
        foreach (var step in segments[0])
        {
            var operands = step.Operands.Select(operand => operand is not FromStep from ? operand
                : copies.TryGetValue(from.Step, out var inner) ? new FromStep(inner, from.Part) : new FromStep(outer[from]));
            var copy = new Step(step.Word, step.Axes)
            {
                Operands = [.. operands], Layer = step.Layer is null ? null : patterns[step.Layer],
                Parts = step.Parts, IsLoop = step.IsLoop,
            };
            copies[step] = copy;
            type.Declaration.Steps.Add(copy);
        }
        type.Declaration.Outputs.Add(copies[segments[0][^1]]);
    }

    private static Layer Pattern(Layer[][] layers, int at, string prefix, BlockClass type)
    {
        var first = layers[0][at];
        var path = prefix.Length > 0 && first.Path.StartsWith(prefix + ".", StringComparison.Ordinal)
            ? first.Path[(prefix.Length + 1)..]
            : "";
        var pattern = new Layer(first.Kind) { Path = path, Takes = first.Takes };
        for (var i = 0; i < first.Settings.Count; i++)
        {
            var setting = first.Settings[i];
            int[] values = CanBeParameter(first.Kind, setting) ? [.. layers.Select(each => (int)each[at].Settings[i].Value)] : [];
            pattern.Settings
                .Add(values.Distinct().Count() < 2 ? setting : setting with { Value = Parameter(type, first.Kind, setting, i, values) });
        }
        return pattern;
    }

    /// <summary>The parameter for numbers, one for each list of them.</summary>
    private static string Parameter(BlockClass type, string kind, Setting setting, int place, int[] values)
    {
        for (var i = 0; i < type.Parameters.Count; i++)
        {
            if (type.Numbers[i].SequenceEqual(values))
                return type.Parameters[i];
        }
        var word = setting.Name is { } named ? Words.Camel(named) : (kind, place) switch
        {
            ("Linear", _) => "outputs", ("Lstm" or "Gru" or "LstmCell" or "GruCell", _) =>
                "hidden", ("MultiHeadAttention", _) => "heads", ("Embedding", 0) => "vocabulary", ("Embedding", _) => "width",
            (_, 0) => "filters", _ => "kernel",
        };
        var name = word;
        for (var number = 2; type.Parameters.Contains(name); number++)
            name = $"{word}{Words.Of(number)}";
        type.Parameters.Add(name);
        type.Numbers.Add(values);
        return name;
    }

    [GeneratedRegex(@"^(.*?)\.\d+(?=\.)")]
    private static partial Regex Numbered();
}
