using System.Globalization;
using System.Text;

namespace Whence.Networks.Tests.Compiled;

/// <summary>
/// In networks drawn at random, of functions that have no value or no slope somewhere, an error names an element that is a cause: one that
/// the target has its infinity from, or one that is infinitely steep between the target and an input whose gradient is infinite. The causes
/// are found by arithmetic on single numbers, in double.
/// </summary>
public sealed class CulpritLaw
{
    private const int Networks = 40;
    private const int Inputs = 12;
    private const int Size = 3;

    private static readonly Lazy<(InMemory Compiled, Drawn[] Drawn)> networks = new(() =>
    {
        var drawn = Enumerable.Range(0, Networks).Select(i => new Drawn($"Drawn{i}", new Random(900 + i))).ToArray();
        return (InMemory.Compile(string.Concat(drawn.Select(one => one.Text))), drawn);
    });

    [Fact]
    public void PredictNamesWhatTheOutputsHaveTheirInfinitiesFrom()
    {
        var named = 0;
        Each((net, drawn, x, values, unit) =>
        {
            var error = Record(() => SpanExplainers.Predict<float>(net, x, new float[net.Signature.OutputSize], 1));
            Assert.True(drawn.Target(values).Any(value => !double.IsFinite(value)) == error is not null, drawn.Say(error, x));
            if (error is null)
                return;
            named++;
            var cause = drawn.Find(error, x);
            Assert.False(double.IsFinite(values[cause]));
            Assert.True(drawn.IsReached(cause, values, drawn.Outputs), drawn.Say(error, x));
            Assert.True(drawn.IsOrigin(cause, values), drawn.Say(error, x));
        });
        Assert.True(named > 50, $"{named} errors.");
    }

    [Fact]
    public void AGradientNamesWhatItIsInfiniteFor()
    {
        var (values0, steep) = (0, 0);
        Each((net, drawn, x, values, unit) =>
        {
            var scores = new float[2 * Size];
            var error = Record(() => SpanExplainers.Gradient<float>(net, x, 1, Target.Unit(unit), scores));
            var output = drawn.Outputs[unit];
            if (!double.IsFinite(values[output]))
            {
                values0++;
                Assert.NotNull(error);
                var cause = drawn.Find(error, x);
                Assert.True(drawn.IsReached(cause, values, [output]) && drawn.IsOrigin(cause, values), drawn.Say(error, x));
                return;
            }
            var adjoints = drawn.Adjoints(values, output);
            var infinite = drawn.InputNodes.Where(node => !double.IsFinite(adjoints[node])).ToArray();
            Assert.True(infinite.Length > 0 == error is not null, error is null ? "No error: " + drawn.Say(null, x) : drawn.Say(error, x));
            if (error is null)
                return;
            steep++;
            var named = drawn.Find(error, x);
            Assert.True(adjoints[named] != 0, drawn.Say(error, x));
            Assert.True(infinite.Any(input => drawn.Depends(named, input)), drawn.Say(error, x));
            Assert.True(drawn.IsSteep(named, values) || !double.IsFinite(values[named]), drawn.Say(error, x));
        });
        Assert.True(values0 > 20 && steep > 50, $"{values0} and {steep} errors.");
    }

    private delegate void Check(INetwork net, Drawn drawn, float[] x, double[] values, int unit);

    private static void Each(Check check)
    {
        foreach (var drawn in networks.Value.Drawn)
        {
            var net = networks.Value.Compiled.Network(drawn.Name).Load(Weights.Random(1)).Compiled;
            var random = new Random(drawn.Name.Length * 1000 + 7);
            for (var i = 0; i < Inputs; i++)
            {
                float[] some = [0, 0, 0, 1, 4, 0.25f, -1];
                var x = Enumerable.Range(0, 2 * Size).Select(_ => some[random.Next(i % 3 == 0 ? some.Length : some.Length - 1)]).ToArray();
                check(net, drawn, x, drawn.Values(x), random.Next(drawn.Outputs.Count));
            }
        }
    }

    private static NonFiniteException? Record(Action ask)
    {
        try
        {
            ask();
            return null;
        }
        catch (NonFiniteException error)
        {
            return error;
        }
    }

    /// <summary>A network of drawn statements, and the single numbers that it computes.</summary>
    private sealed class Drawn
    {
        private readonly List<Number> numbers = [];
        private readonly List<(string Name, List<int> Nodes)> locals = [];
        private readonly Dictionary<string, List<int>> byText = [];
        private readonly List<(string Statement, string Expression)> statements = [];
        private readonly Random random;

        public Drawn(string name, Random random)
        {
            (Name, this.random) = (name, random);
            foreach (var input in new[] { "x", "y" })
                locals.Add((input, Enumerable.Range(0, Size).Select(_ => Add(new Number(Kind.Input, []))).ToList()));
            InputNodes = [.. locals.SelectMany(local => local.Nodes)];
            for (var i = 0; i < 7; i++)
                Draw(i);
            // The last few are asked about.
            var last = locals.TakeLast(2).ToList();
            var all = last.SelectMany(local => local.Nodes).ToList();
            Outputs = [.. all.Select(node => Add(new Number(Kind.Same, [node])))];
            var joined = $"Concat({last[0].Name}, {last[1].Name})";
            byText[joined] = [.. Outputs];
            var text = new StringBuilder();
            text.AppendLine("[Network(Explain = Methods.Gradient)]");
            text.AppendLine(CultureInfo.InvariantCulture, $"public sealed partial class {name}").AppendLine("{");
            text.AppendLine(CultureInfo.InvariantCulture, $"    public Tensor Forward([Shape({Size})] Tensor x, [Shape({Size})] Tensor y)");
            text.AppendLine("    {");
            foreach (var (statement, _) in statements)
                text.AppendLine("        " + statement);
            text.AppendLine(CultureInfo.InvariantCulture, $"        return {joined};").AppendLine("    }").AppendLine("}");
            Text = text.ToString();
        }

        private enum Kind
        {
            Input,
            Zero,
            Same,
            Sqrt,
            Log,
            Square,
            Relu,
            Exp,
            Reciprocal,
            Sum,
            Product,
            Times,
        }

        private sealed record Number(Kind Kind, int[] From, double By = 1)
        {
            /// <summary>Whether it is computed of numbers at its own place.</summary>
            public bool IsAlone { get; init; }
        }

        public string Name { get; }

        public string Text { get; }

        public IReadOnlyList<int> Outputs { get; }

        public IReadOnlyList<int> InputNodes { get; }

        public IEnumerable<double> Target(double[] values) => Outputs.Select(output => values[output]);

        private int Add(Number number)
        {
            numbers.Add(number);
            return numbers.Count - 1;
        }

        private void Draw(int i)
        {
            var (a, b) = (Any(), Any());
            var size = a.Nodes.Count;
            switch (random.Next(10))
            {
                case 0:
                    Local(i, $"Concat(Slice({a.Name}, 0, 0, 1), {b.Name})", Kind.Same,
                        [[a.Nodes[0]], .. b.Nodes.Select(node => new[] { node })]);
                    break;
                case 1 when size > 1:
                    Local(i, $"Slice({a.Name}, 0, {size - 2}, 2)", Kind.Same, [[a.Nodes[^2]], [a.Nodes[^1]]]);
                    break;
                case 2:
                    var k = Enumerable.Range(0, size).Select(_ => random.Next(3)).ToArray();
                    k[random.Next(size)] = 2;
                    Local(i, $"{a.Name} * Constant({string.Join(", ", k)})", Kind.Times, [.. a.Nodes.Select(node => new[] { node })],
                        [.. k.Select(number => (double)number)]);
                    break;
                case 3:
                    Local(i, $"Reverse({a.Name})", Kind.Same, [.. a.Nodes.AsEnumerable().Reverse().Select(node => new[] { node })]);
                    break;
                case 4 when b.Nodes.Count == size:
                    Local(i, $"{a.Name} + {b.Name}", Kind.Sum, [.. a.Nodes.Zip(b.Nodes, (p, q) => new[] { p, q })]);
                    break;
                case 5 when b.Nodes.Count == size:
                    Local(i, $"{a.Name} * {b.Name}", Kind.Product, [.. a.Nodes.Zip(b.Nodes, (p, q) => new[] { p, q })]);
                    break;
                case 6:
                    Scan(i, a);
                    break;
                case 7:
                    // Of two, that the root of one may be beside the other.
                    var other = locals.Last(local => local.Nodes.Count == size);
                    Local(i, $"Sum(Stack([{a.Name}, {other.Name}]), 0)", Kind.Sum, [.. a.Nodes.Zip(other.Nodes, (p, q) => new[] { p, q })]);
                    break;
                default:
                    var kind = (Kind)random.Next((int)Kind.Sqrt, (int)Kind.Reciprocal + 1);
                    if (random.Next(3) == 0)
                        kind = Kind.Sqrt;
                    Local(i, $"{kind}({a.Name})", kind, [.. a.Nodes.Select(node => new[] { node })]);
                    break;
            }
        }

        private void Scan(int i, (string Name, List<int> Nodes) a)
        {
            var (state, sums) = ($"s{i}", Add(new Number(Kind.Zero, [])));
            var roots = new List<int>();
            foreach (var node in a.Nodes)
            {
                roots.Add(Add(new Number(Kind.Sqrt, [node])));
                sums = Add(new Number(Kind.Sum, [sums, roots[^1]]));
            }
            var sum = $"{state} + Sqrt(r{i})";
            statements.Add((
                $"var {state} = Zeros(1); foreach (var r{i} in Reshape({a.Name}, {a.Nodes.Count}, 1)) {state} = {sum};", sum));
            byText[$"Sqrt(r{i})"] = roots;
            byText[sum] = [sums];
            byText[state] = [sums];
            locals.Add((state, [sums]));
        }

        private (string Name, List<int> Nodes) Any() => locals[random.Next(Math.Max(0, locals.Count - 5), locals.Count)];

        private void Local(int i, string expression, Kind kind, int[][] from, double[]? by = null)
        {
            if (byText.ContainsKey(expression))
                return;
            var nodes = from.Select((inputs, k) => Add(new Number(kind, inputs, by?[k] ?? 1)
            {
                IsAlone = kind != Kind.Same && !expression.StartsWith("Sum(", StringComparison.Ordinal),
            })).ToList();
            statements.Add(($"var v{i} = {expression};", expression));
            byText[expression] = nodes;
            locals.Add(($"v{i}", nodes));
        }

        /// <summary>The number that an error names.</summary>
        public int Find(NonFiniteException error, float[] x)
        {
            Assert.True(error.Fault is not null, Say(error, x));
            Assert.True(byText.TryGetValue(error.Fault.Operator, out var nodes), Say(error, x));
            if (error.Fault.Operator.StartsWith("Sqrt(r", StringComparison.Ordinal))
                return nodes[error.Fault.Step ?? 0];
            return nodes[error.Fault.Index.Count == 0 ? 0 : error.Fault.Index[^1]];
        }

        public double[] Values(float[] x)
        {
            var values = new double[numbers.Count];
            var inputs = 0;
            for (var i = 0; i < values.Length; i++)
            {
                var of = numbers[i];
                var a = of.From.Length > 0 ? values[of.From[0]] : 0;
                values[i] = (float)(of.Kind switch
                {
                    Kind.Input => x[inputs++],
                    Kind.Zero => 0,
                    Kind.Sqrt => Math.Sqrt(a),
                    Kind.Log => Math.Log(a),
                    Kind.Square => a * a,
                    Kind.Relu => double.IsNaN(a) ? a : Math.Max(a, 0),
                    Kind.Exp => Math.Exp(a),
                    Kind.Reciprocal => 1 / a,
                    Kind.Sum => a + values[of.From[1]],
                    Kind.Product => a * values[of.From[1]],
                    Kind.Times => a * of.By,
                    _ => a,
                });
            }
            return values;
        }

        // 0 times infinity is 0.
        private static double Multiply(double m, double s) => m == 0 || s == 0 ? 0 : m * s;

        private double Slope(int node, int input, double[] values)
        {
            var of = numbers[node];
            var (a, y) = (values[of.From[0]], values[node]);
            return of.Kind switch
            {
                Kind.Sqrt => 0.5 / y,
                Kind.Log => 1 / a,
                Kind.Square => 2 * a,
                Kind.Relu => a > 0 ? 1 : 0,
                Kind.Exp => y,
                Kind.Reciprocal => -y * y,
                Kind.Product => values[of.From[1 - input]],
                Kind.Times => of.By,
                _ => 1,
            };
        }

        public double[] Adjoints(double[] values, int output)
        {
            var adjoints = new double[numbers.Count];
            adjoints[output] = 1;
            for (var node = numbers.Count - 1; node >= 0; node--)
            {
                for (var i = 0; i < numbers[node].From.Length; i++)
                    adjoints[numbers[node].From[i]] += Multiply(adjoints[node], Slope(node, i, values));
            }
            return adjoints;
        }

        public bool IsSteep(int node, double[] values) => numbers[node].Kind == Kind.Sqrt && values[node] == 0;

        public bool Depends(int node, int on) => node == on || numbers[node].From.Any(from => from >= on && Depends(from, on));

        /// <summary>Whether an output has its infinity from a number, over others that are not finite.</summary>
        public bool IsReached(int from, double[] values, IReadOnlyList<int> outputs)
        {
            var reached = new HashSet<int> { from };
            for (var node = from + 1; node < numbers.Count; node++)
            {
                if (!double.IsFinite(values[node]) && numbers[node].From.Any(reached.Contains))
                    reached.Add(node);
            }
            return outputs.Any(reached.Contains);
        }

        /// <summary>
        /// Whether a number is not finite though what it is made of is; or is made by one step with such a number, which has no name of its
        /// own: functions of single elements are one loop.
        /// </summary>
        public bool IsOrigin(int node, double[] values)
        {
            var faulty = numbers[node].From.Where(from => !double.IsFinite(values[from])).ToList();
            return faulty.Count == 0 || numbers[node].IsAlone && faulty.Any(from => numbers[from].IsAlone && IsOrigin(from, values));
        }

        public string Say(NonFiniteException? error, float[] x) =>
            $"{error?.Message}\nx = [{string.Join(", ", x)}]\n{Text}";
    }
}
