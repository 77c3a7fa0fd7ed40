using Whence.Generator.Graphs;
using Whence.Generator.Plan;
using Whence.Generator.Support;

namespace Whence.Generator.Emit.Cpu;

/// <summary>Steps as calls of the runtime's kernels; elementwise steps as a struct each, which Loop runs at every vector width.</summary>
internal sealed class KernelCalls(string prefix, WeightFields fields, Dialect dialect)
{
    // A loop is compiled fully at its first call. What it calls in turn would run unoptimised first, a hundred times slower in vectors.
    private const string Inlined = "[Runtime.MethodImpl(Runtime.MethodImplOptions.AggressiveInlining)]";

    private readonly List<(string Name, Expr Expr, PairStep? Pair, string[] Arguments)> loops = [];
    private readonly Dictionary<(Expr Expr, Expr? Second, int Arguments), string> loopOf = [];

    /// <summary>The type of a field that a call names; null of any other name.</summary>
    public string? TypeOf(string field) => fields.TypeOf(field);

    /// <summary>One step, its buffers being in scope by name.</summary>
    public void Write(SourceWriter to, Step step)
    {
        switch (step)
        {
            case MapStep elements:
                Write(to, elements);
                break;
            case PairStep pair:
                WritePair(to, pair);
                break;
            case DenseStep dense:
                WriteDense(to, dense);
                break;
            case ConvolutionStep convolution:
                WriteProduct(to, "Convolve", convolution, convolution.Weights, convolution.Then, 1);
                break;
            case FusedStep fused:
                WriteFused(to, fused);
                break;
            case TwiceStep twice:
                WriteTwice(to, twice);
                break;
            case KernelStep kernel:
                WriteKernel(to, kernel);
                break;
            case CopyStep copy:
                WriteCopy(to, copy);
                break;
            case BetweenStep between:
                var then = between.Then is not null || dialect.HasEpilogueStructs
                    ? Epilogue(between, between.Then)
                    : "default(Ops.Identity)";
                to.Line($"{dialect.Kernels}.Loop.Between({Operand(between.From[0])}, {Operand(between.From[1])}, arguments.Alphas, "
                    + $"{between.To.Name}, "
                    + $"rows, {between.To.Size}, {then});");
                break;
            case SumStep sum:
                to.Line($"{dialect.Kernels}.Paths.Sum(sums, {sum.Offset}, {sum.Row}, {sum.To.Name}, rows, {sum.To.Size});");
                break;
            default:
                throw new InvalidOperationException($"{step.GetType().Name} is no step of a program.");
        }
    }

    private void Write(SourceWriter to, MapStep step)
    {
        var name = Loop(step);
        var operands = string.Concat(step.From.Select(value => ", " + Operand(value)));
        to.Statement(step.Sum is { } sum
            ? $"{dialect.Kernels}.Loop.Sum(default({name}), in arguments, {sum}, {step.To.Size}{operands});"
            : $"{dialect.Kernels}.Loop.Map(default({name}), {Destination(step.To)}, rows, {step.To.Size}{operands});");
    }

    private void WritePair(SourceWriter to, PairStep step)
    {
        var name = Loop(LoopName.Of(step.First) + "And" + LoopName.Of(step.Second), step.Exprs.First, step,
            Arguments(step.Operands, step.Roles));
        var operands = string.Concat(step.Operands.Select(value => ", " + Operand(value)));
        to.Statement($"{dialect.Kernels}.Loop.Map(default({name}), {Destination(step.To)}, {Destination(step.Second.To)}, rows, "
            + $"{step.To.Size}{operands});");
    }

    // Where rows are written that may be far apart.
    private string Destination(PlannedValue value) =>
        value.Whole is { } whole ? $"new {dialect.Kernels}.Destination({value.Name}, {RowOf(whole)})" : value.Name;

    // How far apart a value's rows are.
    private static string RowOf(PlannedValue value) => value.Storage switch
    {
        Storage.Constant => "0",
        Storage.Kept => "keptRow",
        Storage.Input or Storage.Reference => Dialect.GivenRow(value),
        _ => value.Size.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    /// <summary>The struct of a loop.</summary>
    public string Loop(MapStep step) => Loop(step, Arguments(step));

    private string Loop(MapStep step, string[] arguments) => Loop(LoopName.Of(step), step.Expr, null, arguments);

    // Steps that say the same share one struct, and so one compiled loop.
    private string Loop(string called, Expr expr, PairStep? pair, string[] arguments)
    {
        if (!loopOf.TryGetValue((expr, pair?.Exprs.Second, arguments.Length), out var name))
        {
            loopOf[(expr, pair?.Exprs.Second, arguments.Length)] = name = fields.Struct(prefix + called);
            loops.Add((name, expr, pair, arguments));
        }
        return name;
    }

    private static string[] Distinct(IEnumerable<string> names)
    {
        var taken = new HashSet<string>();
        return names.Select(name =>
        {
            var own = name;
            for (var i = 2; !taken.Add(own); i++)
                own = name + i;
            return own;
        }).ToArray();
    }

    /// <summary>The loops that the steps written so far have called.</summary>
    public void WriteLoops(SourceWriter to)
    {
        foreach (var (name, expr, pair, arguments) in loops)
        {
            to.Line();
            var given = string.Join(", ", arguments.Select(argument => "V " + argument));
            if (pair is null)
            {
                to.Comment(ExprText.Print(expr, index => arguments[index]));
                WriteLoop(to, $"{name} : Kernels.IMap{arguments.Length}", () =>
                    WriteAt(to, $"public V At<V, M>({given}) where M : struct, IMath<V>", ExpressionText.Lines(expr, arguments)));
                continue;
            }
            foreach (var formula in pair.Formulas(arguments))
                to.Comment(formula);
            WriteLoop(to, $"{name} : Kernels.IPair{arguments.Length}", () => WritePairAt(to, given, expr, pair.Exprs.Second, arguments));
        }
    }

    private void WriteLoop(SourceWriter to, string header, Action at) => to.Block($"private readonly struct {header}", () =>
    {
        if (!dialect.HasEpilogueStructs)
            to.Line(Inlined);
        at();
    });

    private static void WritePairAt(SourceWriter to, string given, Expr expr, Expr second, string[] arguments)
    {
        // What it makes has names that no operand has.
        var taken = new Taken(arguments);
        var (first, other) = (taken.Take("first"), taken.Take("second"));
        to.Block($"public void At<V, M>({given}, out V {first}, out V {other}) where M : struct, IMath<V>", () =>
        {
            foreach (var line in ExpressionText.Lines(expr, first, second, other, arguments))
                to.Statement(line);
        });
    }

    private static void WriteAt(SourceWriter to, string header, IReadOnlyList<string> lines)
    {
        if (lines.Count == 1)
        {
            to.Line(header + " =>");
            to.Indented(() => to.Statement(lines[0] + ";"));
            return;
        }
        to.Block(header, () =>
        {
            for (var i = 0; i < lines.Count; i++)
                to.Statement(i < lines.Count - 1 ? lines[i] : $"return {lines[i]};");
        });
    }

    /// <summary>A value as an operand: its rows, and how far they are apart.</summary>
    private string Operand(PlannedValue value) => value.Whole is { } whole
        ? $"new {dialect.Kernels}.Operand({value.Name}, {RowOf(whole)})"
        : value.Storage switch
    {
        Storage.Constant => $"new {dialect.Kernels}.Operand({fields.Constant(value)}, 0)",
        Storage.Kept => $"new {dialect.Kernels}.Operand({value.Name}, keptRow)",
        Storage.Input or Storage.Reference => $"new {dialect.Kernels}.Operand({value.Name}, {Dialect.GivenRow(value)})",
        Storage.Alpha => $"{dialect.Kernels}.Operand.OfAlphas(in arguments)",
        Storage.Seed => $"{dialect.Kernels}.Operand.OfSeeds({value.Size}, in arguments)",
        Storage.Head => $"{dialect.Kernels}.Operand.OfSeeds({value.Head!.From[0].Size}, in arguments)",
        Storage.SumHigh => $"sums.HighFrom({value.Offset})",
        Storage.SumLow => $"sums.LowFrom({value.Offset})",
        _ => $"new {dialect.Kernels}.Operand({value.Name}, {value.Size})",
    };

    private void WriteFused(SourceWriter to, FusedStep step)
    {
        var result = step.Sum is { } sum
            ? $"{dialect.Kernels}.Result.Summed(in arguments, {sum})"
            : $"new {dialect.Kernels}.Result({step.To.Name}, {step.Row})";
        WriteProduct(to, step, Factor(step), result);
    }

    private void WriteTwice(SourceWriter to, TwiceStep step)
    {
        var (first, second) = (step.First, step.Second);
        WriteProduct(to, first, $"{dialect.Kernels}.Factor.Twice({Factor(first)}, {Factor(second)})",
            $"{dialect.Kernels}.Result.Twice({first.To.Name}, {first.Row}, {second.To.Offset - first.To.Offset})");
    }

    private string Factor(FusedStep step) => $"{dialect.Kernels}.Factor.Of({Of(step, step.Factor, step.Factor.From)})";

    private void WriteProduct(SourceWriter to, FusedStep step, string factor, string result)
    {
        var (packed, bias) = fields.Of(step.Weights);
        var repeat = step.Product is DenseStep { Repeat: > 1 } dense ? $", {dense.Repeat}" : "";
        to.Statement($"{dialect.Kernels}.{(step.Product is DenseStep ? "MatMul" : "Convolve")}.Affine({factor}, {packed}, {bias ?? "[]"}, "
            + $"{Finish(step)}, {result}, rows{repeat});");
    }

    private string Finish(FusedStep step)
    {
        if (step.Finish.Expr is Argument)
            return $"{dialect.Kernels}.Epilogue.None";
        var finish = $"{dialect.Kernels}.Epilogue.Of({Of(step, step.Finish, step.Finish.From.Skip(1))})";
        return step.Finish.From.Skip(1).FirstOrDefault()?.Head is { } head ? $"{finish}.OfHead({fields.Of(head.Weights).Packed})" : finish;
    }

    /// <summary>What is made of operands, and the operands; an operand alone where nothing is.</summary>
    private string Of(Step step, Formula formula, IEnumerable<PlannedValue> operands)
    {
        var given = operands.Select(Operand);
        if (formula.Expr is Argument)
            return given.Single();
        var map = new MapStep(step.To, formula.Expr, formula.From) { Roles = formula.Roles };
        return string.Join(", ", given.Prepend($"default({Loop(map)})"));
    }

    private static string[] Arguments(MapStep step) => Arguments(step.From, step.Roles);

    private static string[] Arguments(IReadOnlyList<PlannedValue> from, IReadOnlyList<string?> roles) =>
        Distinct(from.Select((value, i) => i < roles.Count && roles[i] is { } role ? role : value.Name));

    private void WriteProduct(SourceWriter to, string kernel, Step step, PackedWeights weights, Function? then, int repeat)
    {
        var (packed, bias) = fields.Of(weights);
        var epilogue = then is not null || dialect.HasEpilogueStructs ? ", " + Epilogue(step, then) : "";
        to.Line($"{dialect.Kernels}.{kernel}.Affine({step.From[0].Name}, {packed}, {bias ?? "[]"}, {step.To.Name}, "
            + $"rows{(repeat == 1 ? "" : $" * {repeat}")}{epilogue});");
    }

    private void WriteDense(SourceWriter to, DenseStep step)
    {
        if (step.Start is null && step.From[0].Whole is null && step.To.Whole is null)
        {
            WriteProduct(to, "MatMul", step, step.Weights, step.Then, step.Repeat);
            return;
        }
        var (packed, bias) = fields.Of(step.Weights);
        var start = step.Start is { } value ? Operand(value) : bias ?? "[]";
        var epilogue = step.Then is null ? "" : ", " + Epilogue(step, step.Then);
        to.Statement(
            $"{dialect.Kernels}.MatMul.Affine({Operand(step.From[0])}, {packed}, {start}, {Destination(step.To)}, rows{epilogue});");
    }

    /// <summary>A convolution's weights, what it makes, and the function on its last write, as arguments.</summary>
    public string Product(ConvolutionStep step, string made)
    {
        var (packed, bias) = fields.Of(step.Weights);
        return $"{packed}, {bias ?? "[]"}, {made}{(step.Then is null ? "" : ", " + Epilogue(step, step.Then))}";
    }

    /// <summary>The field of a constant.</summary>
    public string Constant(PlannedValue value) => fields.Constant(value);

    private void WriteKernel(SourceWriter to, KernelStep step)
    {
        var operands = step.From.Select((value, i) => step.Apart.Contains(i) ? Operand(value) : value.Name);
        to.Line($"{dialect.Kernels}.{step.Kernel}({string.Join(", ", [.. operands, step.To.Name, "rows", .. Arguments(step)])});");
    }

    /// <summary>What a kernel is given beside values.</summary>
    public IEnumerable<string> Arguments(KernelStep step) => step.Arguments.Select(argument => argument switch
    {
        KernelArgument.Whole whole => SourceWriter.Number(whole.Number),
        KernelArgument.Real real => SourceWriter.Float(real.Number),
        KernelArgument.Flag flag => $"{flag.Name}: true",
        KernelArgument.Window window => fields.Window(window.Settings, step.To.Name),
        KernelArgument.Taps taps => fields.Taps(taps.Settings, step.To.Name),
        _ => throw new InvalidOperationException($"No text for {argument}."),
    });

    /// <summary>What is applied on a product's last write. A device's kernel takes a type, in which all constants are folded.</summary>
    public string Epilogue(Step step, Function? then)
    {
        if (!dialect.HasEpilogueStructs)
            return ExpressionText.New(then!);
        if (then is null)
            return $"default({dialect.Kernels}.Same)";
        var loop = new MapStep(step.To, new Apply(then, Part.Value, EquatableArray.Of<Expr>(new Argument(0))), [step.To])
        {
            Loop = Names.Pascal(then.Name) + "Value",
        };
        return $"default({Loop(loop, ["x"])})";
    }

    private void WriteCopy(SourceWriter to, CopyStep step)
    {
        if (step.Fill is { } fill)
            to.Line($"{dialect.Kernels}.Copy.Fill({step.To.Name}, {SourceWriter.Float(fill)});");
        var unused = Enumerable.Repeat((Extent: 1, From: 0, To: 0), 4 - step.Axes.Count);
        var axes = unused.Concat(step.Axes).ToList();
        string Each(Func<(int Extent, int From, int To), int> part) => $"({string.Join(", ", axes.Select(part))})";
        var from = step.From[0];
        var (row, toRow) = (RowOf(from.Whole ?? from), RowOf(step.To.Whole ?? step.To));
        to.Line($"{dialect.Kernels}.Copy.Strided({(from.Storage == Storage.Constant ? fields.Constant(from) : from.Name)}, "
            + $"{Offset(step.FromOffset, step.FromStep)}, {step.To.Name}, {Offset(step.ToOffset, step.ToStep)}, rows, {row}, "
            + $"{toRow}, new Kernels.Strides({Each(axis => axis.Extent)}, {Each(axis => axis.From)}, {Each(axis => axis.To)}));");
    }

    /// <summary>Where something lies that moves at each step of a scan.</summary>
    public static string Offset(int offset, int step) => (offset, step) switch
    {
        (_, 0) => $"{offset}",
        (0, 1) => "step",
        (0, _) => $"{step} * step",
        _ => $"{offset} + {step} * step",
    };
}
