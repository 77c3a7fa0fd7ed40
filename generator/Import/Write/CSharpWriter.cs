using System.Text;
using Whence.Import.Declare;

namespace Whence.Import.Write;

/// <summary>A declaration as C#, as a person would write it.</summary>
internal sealed class CSharpWriter
{
    private const int Columns = 140;
    private readonly StringBuilder text = new();

    /// <summary>The file: the network's class, and those of its blocks.</summary>
    /// <param name="declaration">Its layers are named.</param>
    /// <param name="name">The class's name.</param>
    /// <param name="space">The namespace, or null.</param>
    /// <param name="explain">What stands behind <c>Explain =</c>; null of what is only a part of other networks.</param>
    /// <param name="asked">Layers that are listed.</param>
    /// <param name="summary">A sentence of plain letters about where it comes from.</param>
    public static string Write(Declaration declaration, string name, string? space, string? explain, IReadOnlyList<string> asked,
        string summary)
    {
        var writer = new CSharpWriter();
        if (declaration.Steps.Concat(Blocks(declaration).SelectMany(block => block.Declaration.Steps)).Any(Statements.HasList))
            writer.Line(0, "using System.Collections.Generic;");
        writer.Line(0, "using Whence;");
        writer.Line(0, "using static Whence.Nn;");
        writer.Line(0, "");
        if (space is not null)
        {
            writer.Line(0, $"namespace {space};");
            writer.Line(0, "");
        }
        writer.Line(0, $"/// <summary>{summary}</summary>");
        var listed = asked.Count == 0 ? "" : $", Layers = [{string.Join(", ", asked.Select(Words.Quoted))}]";
        writer.Class(declaration, name, explain is null ? "Network" : $"Network(Explain = {explain}{listed})", [], isPart: explain is null);
        foreach (var block in Blocks(declaration))
        {
            writer.Line(0, "");
            writer.Class(block.Declaration, block.Name, "Network", block.Parameters, isPart: true);
        }
        return writer.text.ToString();
    }

    /// <summary>The classes of blocks, each after those that use it.</summary>
    public static IReadOnlyList<BlockClass> Blocks(Declaration declaration)
    {
        var classes = new List<BlockClass>();
        void Visit(Declaration of)
        {
            foreach (var type in of.Steps.Select(step => step.Block?.Type).OfType<BlockClass>())
            {
                if (classes.Contains(type))
                    continue;
                classes.Add(type);
                Visit(type.Declaration);
            }
        }
        Visit(declaration);
        return classes;
    }

    private void Class(Declaration declaration, string name, string attribute, IReadOnlyList<string> parameters, bool isPart)
    {
        Line(0, $"[{attribute}]");
        var made = parameters.Count == 0 ? "" : $"({string.Join(", ", parameters.Select(parameter => $"int {parameter}"))})";
        Line(0, $"public sealed partial class {name}{made}");
        Line(0, "{");
        var fields = declaration.Steps.Select(step => step.Block).OfType<Block>().Distinct().ToArray();
        foreach (var block in fields)
            Member(block.Path.Length == 0 || TensorNames.Of(block.Field).Contains(block.Path) ? "" : $"[Name({Words.Quoted(block.Path)})]",
                $"private readonly {block.Type.Name} {block.Field} = new({string.Join(", ", block.Arguments.Select(Words.Of))});");
        var layers = declaration.Steps.Select(step => step.Layer).OfType<Layer>().Distinct().ToArray();
        if (fields.Length > 0 && layers.Length > 0)
            Line(0, "");
        foreach (var layer in layers)
            Layer(layer);
        if (fields.Length + layers.Length > 0)
            Line(0, "");
        Forward(declaration, isPart);
        Line(0, "}");
    }

    /// <summary>A member behind its attribute, which has a line of its own where both are too long for one.</summary>
    private void Member(string attribute, string member)
    {
        if (attribute.Length > 0 && 4 + attribute.Length + 1 + member.Length > Columns)
            Line(1, attribute);
        Line(1, attribute.Length == 0 || 4 + attribute.Length + 1 + member.Length > Columns ? member : $"{attribute} {member}");
    }

    private void Layer(Layer layer)
    {
        var arguments = layer.Settings.OrderBy(setting => setting.Name is not null)
            .Select((setting, place) => Argument(layer, setting, place)).ToList();
        if (layer.Path.Length > 0 && !TensorNames.Of(layer.Member).Contains(layer.Path))
            arguments.Add($"Name = {Words.Quoted(layer.Path)}");
        var taken = layer.Kind switch
        {
            _ when layer.Takes == 0 => "",
            "Embedding" => "Tensor tokens",
            "LstmCell" => "Tensor x, Tensor h, Tensor c",
            "GruCell" => "Tensor x, Tensor h",
            _ => layer.Takes == 1 ? "Tensor x" : "Tensor q, Tensor k, Tensor v",
        };
        var given = layer.Kind == "LstmCell" ? "(Tensor H, Tensor C)" : "Tensor";
        var made = arguments.Count == 0 ? "" : $"({string.Join(", ", arguments)})";
        Member($"[{layer.Kind}{made}]", $"private partial {given} {layer.Member}({taken});");
    }

    private static string Argument(Layer layer, Setting setting, int place)
    {
        var value = setting.Value switch
        {
            bool flag => flag ? "true" : "false",
            int whole => Words.Of(whole),
            double number => Words.Of(number),
            string parameter => $"nameof({parameter})",
            _ => throw new InvalidOperationException("A setting without text."),
        };
        var isWindow = layer.Kind.StartsWith("Conv", StringComparison.Ordinal);
        return setting.Name is null ? isWindow && place == 1 ? $"kernel: {value}" : value
            : setting.Value is string ? $"{setting.Name}Parameter = {value}" : $"{setting.Name} = {value}";
    }

    private void Forward(Declaration declaration, bool isPart)
    {
        var inputs = Statements.Inputs(declaration);
        var parameters = declaration.Inputs.Select((input, i) => $"{(isPart ? "" : Attribute(input))}Tensor {inputs[i]}");
        var given = declaration.Outputs.Count == 1 ? "Tensor" : $"({string.Join(", ", declaration.Outputs.Select(_ => "Tensor"))})";
        var head = $"public {given} Forward({string.Join(", ", parameters)})";
        var lines = Statements.Of(declaration, inputs);
        if (lines.Count == 1)
        {
            Line(1, $"{head} =>");
            Line(2, lines[0]["return ".Length..]);
            return;
        }
        Line(1, head);
        Line(1, "{");
        foreach (var line in lines)
            Line(2, line);
        Line(1, "}");
    }

    private static string Attribute(Step input)
    {
        var axes = string.Join(", ", input.Axes.Select(Words.Of)) + (input.Along is null ? "" : ", Variable = true");
        return input.Input switch
        {
            InputKind.Shape when axes.Length > 0 => $"[Shape({axes})] ",
            InputKind.Tokens => $"[Tokens({axes})] ",
            InputKind.Mask => $"[Mask({axes})] ",
            _ => "",
        };
    }

    /// <summary>A line, broken behind commas where it is too long.</summary>
    private void Line(int depth, string line)
    {
        var indent = new string(' ', 4 * depth);
        while (line.Length > 0 && indent.Length + line.Length > Columns)
        {
            var at = line.LastIndexOf(", ", Math.Min(line.Length - 1, Columns - indent.Length), StringComparison.Ordinal);
            var operation = Math.Max(line.LastIndexOf(" + ", Columns - indent.Length, StringComparison.Ordinal),
                line.LastIndexOf(" * ", Columns - indent.Length, StringComparison.Ordinal));
            if (at < 0 && operation < 0)
                break;
            var cut = at >= 0 ? at + 1 : operation;
            text.Append(indent).Append(line.AsSpan(0, cut)).Append('\n');
            line = (line.StartsWith("///", StringComparison.Ordinal) ? "/// " : "") + line[(cut + 1)..];
            indent = new string(' ', 4 * (line.StartsWith("///", StringComparison.Ordinal) ? depth : depth + 1));
        }
        text.Append(line.Length == 0 ? "" : indent).Append(line).Append('\n');
    }
}
