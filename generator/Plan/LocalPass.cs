using Whence.Generator.Graphs;
using Whence.Generator.Ops;

namespace Whence.Generator.Plan;

/// <summary>
/// What of a forward pass can be recomputed where a change reaches: its first steps, each of which sees of every value a box of positions.
/// From the first step on that sees all of a value, such as a dense product, the pass goes on with whole values.
/// </summary>
internal sealed class LocalPass
{
    // Of one position's change: where more of the work is left, nothing is written.
    private const double MostShare = 0.6;

    private readonly Plan plan;
    private readonly IReadOnlyList<Node> inputs;
    private readonly List<LocalValue> values = [];
    private readonly List<LocalStep> steps = [];
    private readonly Dictionary<PlannedValue, int> found = [];
    private readonly Dictionary<PlannedValue, InputView> views = [];
    private InputView? entered;
    // Whether all that the rest of the pass reads can be made whole.
    private readonly bool isWritten;

    private LocalPass(Plan plan, IReadOnlyList<Node> inputs)
    {
        (this.plan, this.inputs) = (plan, inputs);
        while (Cut < plan.Run.Steps.Count && Next() is > 0 and var count)
            Cut += count;
        if (Cut < plan.Run.Steps.Count && plan.Run.Steps[Cut] is KernelStep { Kernel: "Reduce.Sum" } sum && SumsAll(sum))
        {
            Summed = sum;
            Cut++;
        }
        var read = plan.Run.Steps.Skip(Cut).SelectMany(step => step.From).Concat(plan.Outputs).Distinct().ToList();
        isWritten = read.Where(views.ContainsKey).All(view => Find(view) is not null);
        Spliced = read.Where(value => value.Storage == Storage.Arena && found.ContainsKey(value)).ToList();
        Behind = plan.Points.Where(point => point.Ready >= Cut || point.Ready == Cut - 1 && Summed is not null)
            .Select(point => point.Index).ToList();
    }

    /// <summary>The values that change in part, the input first.</summary>
    public IReadOnlyList<LocalValue> Values => values;

    /// <summary>How they are made.</summary>
    public IReadOnlyList<LocalStep> Steps => steps;

    /// <summary>The index of the input.</summary>
    public int Input => entered!.Input;

    /// <summary>Its axis of rows; -1 of a sequence.</summary>
    public int HeightAxis { get; private set; } = -1;

    /// <summary>Its axis of columns.</summary>
    public int WidthAxis { get; private set; }

    /// <summary>The first step of the forward pass that runs on whole values.</summary>
    public int Cut { get; private set; }

    /// <summary>The values that are made whole for it.</summary>
    public IReadOnlyList<PlannedValue> Spliced { get; }

    /// <summary>The sum over all positions at which the pass goes on, which reads a value in part; or null.</summary>
    public KernelStep? Summed { get; }

    /// <summary>The points that are made there.</summary>
    public IReadOnlyList<int> Behind { get; }

    /// <summary>The work of a row from there on, in products of two numbers.</summary>
    public long Rest => plan.Run.Steps.Skip(Summed is null ? Cut : Cut - 1).Sum(LocalWork.OfWhole);

    /// <summary>What is left of the work where one position changes, amid the input.</summary>
    public double Share { get; private set; }

    /// <summary>Where a value stands among those that change.</summary>
    public int Of(PlannedValue value) => found[value];

    /// <summary>What can be recomputed in part of a forward pass; null where that saves too little.</summary>
    public static LocalPass? Of(Plan forward, IEnumerable<Node> nodes)
    {
        var pass = new LocalPass(forward, nodes.Where(node => node.Op is Input).ToList());
        if (!pass.isWritten || pass.steps.Count(step => step.Kind != LocalKind.Input) == 0 || pass.Behind.Count == 0)
            return null;
        var (some, all) = new LocalWork(pass).OfOne();
        pass.Share = some / all;
        return pass.Share <= MostShare && all - some >= LocalCost.LeastSaved ? pass : null;
    }

    // How many steps from the cut on are one that can be done in part; 0 if it cannot.
    private int Next()
    {
        var step = plan.Run.Steps[Cut];
        if (step.Scan is not null || step.Guard.Kind != GuardKind.Always || found.ContainsKey(step.To) || views.ContainsKey(step.To))
            return 0;
        return step switch
        {
            ConvolutionStep { Weights: { Transposed: false } weights } => Slides(step, LocalKind.Convolve, weights.Settings),
            KernelStep { Kernel: "Pool.Max", Arguments: [KernelArgument.Window window] } => Slides(step, LocalKind.Max, window.Settings),
            KernelStep { Kernel: "Pool.Average", Arguments: [KernelArgument.Window window] } =>
                Slides(step, LocalKind.Average, window.Settings),
            KernelStep { Kernel: "Neighbours.Sum" } => Find(step.From[0]) is { } from && Same(from, step.To)
                ? Add(step, LocalKind.Neighbours, from) : 0,
            MapStep { Sum: null } map => Maps(map),
            CopyStep copy => Copies(copy),
            _ => 0,
        };
    }

    private int Slides(Step step, LocalKind kind, Settings window) => Find(step.From[0]) is { } from && Geometry(step.To) is not null
        && values[from] == new LocalValue(window.Int("height", 1), window.Int("width", 1), window.Int("channels", 1), values[from].Name,
            values[from].Shape)
        ? Add(step, kind, from)
        : 0;

    private int Maps(MapStep map)
    {
        var from = map.From.Select(value => value.Storage == Storage.Constant && value.Channels == map.To.Channels ? -1 : Find(value) ?? -2)
            .ToArray();
        return from.Length <= 4 && from.All(value => value == -1 || value >= 0 && Same(value, map.To)) && from.Any(value => value >= 0)
            && map.From.All(value => value.Size == map.To.Size)
            ? Add(map, LocalKind.Map, from)
            : 0;
    }

    private int Copies(CopyStep copy) => copy.To.Source?.Op switch
    {
        Join => Joins(copy),
        Border => Borders(copy),
        _ => Views(copy),
    };

    // The input turned, or with its axes in another order: a view of it, until a step reads its channels last.
    private int Views(CopyStep copy)
    {
        var (from, to) = (copy.From[0], copy.To);
        if (copy.Fill is not null || View(from) is not { } view)
            return 0;
        var isTurn = to.Source is null && to.Turned && to.Shape == from.Shape;
        int[]? order = isTurn ? Enumerable.Range(0, to.Shape.Rank).ToArray()
            : to.Source?.Op is Permute && to.Shape.Rank == from.Shape.Rank ? to.Source.Settings.Ints("order") : null;
        if (order is null)
            return 0;
        views[to] = new(view.Input, order.Select(axis => view.Order[axis]).ToArray(), copy);
        return 1;
    }

    private InputView? View(PlannedValue value)
    {
        if (views.TryGetValue(value, out var known))
            return known;
        var offset = 0;
        for (var i = 0; value.Storage == Storage.Input && i < inputs.Count; i++)
        {
            if (offset == value.Offset && inputs[i].Op is not MaskInput && inputs[i].Shape == value.Shape)
                return new(i, Enumerable.Range(0, value.Shape.Rank).ToArray(), null);
            offset += inputs[i].Shape!.Size;
        }
        return null;
    }

    private int? Find(PlannedValue value)
    {
        if (found.TryGetValue(value, out var index))
            return index;
        return View(value) is { } view && Geometry(value) is not null ? Enter(value, view) : null;
    }

    // Changes are followed from one input, seen in one order of its axes.
    private int? Enter(PlannedValue value, InputView view)
    {
        if (entered is not null && !(entered.Input == view.Input && entered.Order.SequenceEqual(view.Order)))
            return null;
        if (entered is not null)
            return found[value] = 0;
        entered = view;
        var (order, shape) = (view.Order, inputs[view.Input].Shape!);
        var strides = Memory.Strides(shape, 1);
        HeightAxis = order.Length == 3 ? order[1] : -1;
        WidthAxis = order[order.Length - 1];
        Strides = (inputs.Take(view.Input).Sum(input => input.Shape!.Size), HeightAxis < 0 ? 0 : strides[HeightAxis], strides[WidthAxis],
            strides[order[0]]);
        Add(view.Copy, LocalKind.Input, [], value);
        return found[value];
    }

    /// <summary>Where the input begins in a row, and how far a row, a column and a channel of it are apart.</summary>
    public (int At, int Down, int Across, int Channel) Strides { get; private set; }

    // Channels of several values one after the other: a step each.
    private int Joins(CopyStep copy)
    {
        var all = plan.Run.Steps.Skip(Cut).TakeWhile(step => step is CopyStep && step.To == copy.To).ToList();
        var from = all.Select(step => Find(step.From[0])).ToList();
        var channels = from.Sum(value => value is { } known ? values[known].Channels : 0);
        return copy.To.Source!.Settings.Int("axis") == 0 && Geometry(copy.To) is { } to && channels == to.Channels
            && from.All(value => value is { } known && values[known].Height == to.Height && values[known].Width == to.Width)
            && Add(all[0], LocalKind.Join, from.Select(value => value!.Value).ToArray()) > 0
            ? all.Count
            : 0;
    }

    private int Borders(CopyStep copy) =>
        Find(copy.From[0]) is { } from && Geometry(copy.To) is { } to && copy.To.Source!.Settings.Int("axis") > 0
        && values[from].Channels == to.Channels && copy.To.Source.Inputs.Count == 1
            ? Add(copy, LocalKind.Surround, from)
            : 0;

    private bool SumsAll(KernelStep sum) => found.TryGetValue(sum.From[0], out var from)
        && sum.Arguments is [KernelArgument.Whole { Number: 1 }, KernelArgument.Whole axis, KernelArgument.Whole inner, KernelArgument.Real]
        && axis.Number == values[from].Height * values[from].Width && inner.Number == values[from].Channels;

    private bool Same(int from, PlannedValue to) =>
        Geometry(to) is { } made
        && (made.Height, made.Width, made.Channels) == (values[from].Height, values[from].Width, values[from].Channels);

    private int Add(Step step, LocalKind kind, params int[] from) => Add(step, kind, from, step.To);

    private int Add(Step? step, LocalKind kind, int[] from, PlannedValue to)
    {
        if (Geometry(to) is not { } value)
            return 0;
        found[to] = values.Count;
        values.Add(value);
        steps.Add(new LocalStep(kind, step, found[to], from));
        return 1;
    }

    // Rows, columns and channels of a value that lies channels last.
    private static LocalValue? Geometry(PlannedValue value) =>
        value.Shape.Rank is not (2 or 3) || value.Channels != Memory.ChannelsLast(value.Shape) || value.Slots > 1 ? null
        : new LocalValue(value.Shape.Rank == 3 ? value.Shape[1] : 1, value.Shape[value.Shape.Rank - 1], value.Shape[0], value.Name,
            value.Shape);
}

/// <summary>An input with its axes in an order, and the step that makes it so; null of the input as it lies.</summary>
internal sealed record InputView(int Input, int[] Order, CopyStep? Copy);

/// <summary>A value that changes in part.</summary>
internal sealed record LocalValue(int Height, int Width, int Channels, string Name, Shape Shape);

/// <summary>A step that is done in part: of what kind, which it is of the forward pass, and what it makes of which values.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Step">The first of its steps; null of an input that is read as it lies.</param>
/// <param name="To">The value that it makes.</param>
/// <param name="From">What it makes it of; -1 is a constant.</param>
internal sealed record LocalStep(LocalKind Kind, Step? Step, int To, IReadOnlyList<int> From);

/// <summary>What can be done in part.</summary>
internal enum LocalKind
{
    Input,
    Convolve,
    Max,
    Average,
    Neighbours,
    Map,
    Join,
    Surround,
}
