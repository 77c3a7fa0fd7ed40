using System.Globalization;
using System.Text;

namespace Whence.Networks.Tests.Zoo;

/// <summary>
/// Networks in C# by chance, the same for the same seed, in which constants stand beside what depends on inputs: numbers, zeros, masks,
/// layers and functions of them, cells and loops that begin with them and go over them. Every value is [4], but for sequences of [3, 4].
/// </summary>
internal sealed class RandomSources
{
    private const int Width = 4;
    private const int Steps = 3;

    private readonly Random random;
    private readonly StringBuilder body = new();
    private readonly StringBuilder layers = new();
    private readonly List<string> sequences = ["sequence"];
    private List<string> values = ["x", "present"];
    private int names;
    private string indent = "        ";

    private RandomSources(int seed)
    {
        random = new Random(seed);
        Name = $"Random{seed}";
    }

    private string Name { get; }

    /// <summary>The class's name and its text.</summary>
    public static (string Name, string Text) Of(int seed) => new RandomSources(seed).Write();

    private (string Name, string Text) Write()
    {
        for (var i = random.Next(2, 7); i > 0; i--)
            Statement();
        var asked = values[random.Next(2, values.Count)];
        Local($"Tanh({Value()} + {values[^1]}) + {Layer("Linear(4)", "x")} * {asked}");
        var answer = $"{Layer("Linear(4)", values[^1])} + {Value()}";
        var text = $$"""
            [Network(Explain = Methods.All & ~(Methods.Genomics | Methods.DeconvNet), Layers = ["{{values[^1]}}", "{{asked}}"])]
            public sealed partial class {{Name}}
            {
            {{layers}}
                public Tensor Forward([Shape(4)] Tensor x, [Mask(4)] Tensor present, [Shape(3, 4)] Tensor sequence)
                {
            {{body}}
                    return {{answer}};
                }
            }

            """;
        return (Name, text);
    }

    private void Statement()
    {
        switch (random.Next(6))
        {
            case 0:
                Loop();
                break;
            case 1:
                Cells();
                break;
            case 2:
                Local(Constant());
                break;
            default:
                Local(Value());
                break;
        }
    }

    private void Local(string value)
    {
        var name = $"v{names++}";
        body.AppendLine(CultureInfo.InvariantCulture, $"{indent}var {name} = {value};");
        values.Add(name);
    }

    // One or two states, each from what there is, over a sequence of the input's, of constants, or of an earlier loop's states.
    private void Loop()
    {
        string[] states = [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => $"h{names++}")];
        var outside = values;
        foreach (var state in states)
            body.AppendLine(CultureInfo.InvariantCulture, $"{indent}var {state} = {(random.Next(3) == 0 ? Pick() : Constant())};");
        var (step, all) = ($"s{names++}", $"all{names++}");
        body.AppendLine(CultureInfo.InvariantCulture, $"{indent}var {all} = new System.Collections.Generic.List<Tensor>();");
        body.AppendLine(CultureInfo.InvariantCulture, $"{indent}foreach (var {step} in {Sequence()})")
            .AppendLine(CultureInfo.InvariantCulture, $"{indent}{{");
        indent += "    ";
        values = [.. outside, step, .. states, .. states, step];
        foreach (var state in states)
            body.AppendLine(CultureInfo.InvariantCulture,
                $"{indent}{state} = {(random.Next(4) == 0 ? Clock(state) : $"{Squashed()}({Value()} + {Layer("Linear(4)", state)})")};");
        body.AppendLine(CultureInfo.InvariantCulture, $"{indent}{all}.Add({states[random.Next(states.Length)]});");
        indent = indent[4..];
        body.AppendLine(CultureInfo.InvariantCulture, $"{indent}}}");
        values = [.. outside, .. states];
        if (random.Next(2) == 0)
        {
            body.AppendLine(CultureInfo.InvariantCulture, $"{indent}var stacked{all} = Stack({all});");
            sequences.Add($"stacked{all}");
        }
    }

    // What no step moves, but every step changes.
    private string Clock(string state) => $"Tanh({Layer("Linear(4)", state)} * {state})";

    private void Cells()
    {
        var h = $"h{names++}";
        var cell = Layer("GruCell(4)", "", "Tensor x, Tensor h").Split('(')[0];
        body.AppendLine(CultureInfo.InvariantCulture, $"{indent}var {h} = {Constant()};");
        for (var i = random.Next(1, 3); i > 0; i--)
            body.AppendLine(CultureInfo.InvariantCulture, $"{indent}{h} = {cell}({Pick()}, {h});");
        values.Add(h);
    }

    private string Sequence() => random.Next(4) switch
    {
        0 => $"Reshape(Constant({Numbers(Steps * Width)}), 3, 4)",
        1 => $"Relu(sequence + {sequences[random.Next(sequences.Count)]})",
        _ => sequences[random.Next(sequences.Count)],
    };

    private string Pick() => values[random.Next(values.Count)];

    private string Constant() => random.Next(5) switch
    {
        0 => "Zeros(4)",
        1 => $"Constant({Numbers(Width)})",
        2 => $"{Squashed()}({Layer("Linear(4)", $"Constant({Numbers(2)})")})",
        3 => $"{Layer("Linear(4)", "present")}",
        _ => $"Tanh({Layer("Linear(4)", "Zeros(3)")} * Constant({Numbers(Width)}))",
    };

    private string Value() => random.Next(14) switch
    {
        0 => $"{Pick()} + {Pick()}",
        1 => $"({Pick()} - {Constant()})",
        2 => $"Tanh({Pick()}) * {Pick()}",
        3 => $"Max({Pick()}, {Pick()})",
        4 => $"Min({Pick()}, {Constant()})",
        5 => $"Max(Constant(0), {Pick()})",
        6 => $"Clamp({Pick()}, -0.5, 0)",
        7 => $"Softmax({Pick()})",
        8 => $"Reshape(MaxPool1d(Reshape({Pick()}, 1, 4), 3, 1, 1), 4)",
        9 => $"({Layer("Linear(4)", "GlobalMaxPool(Reshape(" + Pick() + ", 2, 2))")} - 1)",
        10 => Layer("Maxout(4, 2)", Pick()),
        11 => $"{Pick()} / (2 + Square({Pick()}))",
        12 => $"{Layer("Linear(4)", $"Concat(0, {Pick()}, {Constant()})")}",
        _ => $"{Squashed()}({Layer("Linear(4)", Pick())})",
    };

    private string Squashed() => random.Next(5) switch
    {
        0 => "Relu",
        1 => "Sigmoid",
        2 => "Softplus",
        3 => "Abs",
        _ => "Tanh",
    };

    private string Layer(string attribute, string argument, string parameters = "Tensor x")
    {
        var name = $"L{names++}";
        layers.AppendLine(CultureInfo.InvariantCulture, $"    [{attribute}] private partial Tensor {name}({parameters});");
        return $"{name}({argument})";
    }

    private string Numbers(int count) =>
        string.Join(", ", Enumerable.Range(0, count).Select(_ => (random.Next(-2, 3) * 0.5).ToString(CultureInfo.InvariantCulture)));
}
