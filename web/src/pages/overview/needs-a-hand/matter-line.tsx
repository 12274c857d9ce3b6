import { Anchor, Badge, Text } from "@mantine/core";
import { Link } from "react-router";
import type { Matter } from "./matter.ts";
import classes from "./needs-a-hand.module.css";

export function MatterLine({ matter }: { readonly matter: Matter }) {
  const { word, color, to, label, isIdentifier = false, detail } = matter;
  return (
    <li className={classes["line"]}>
      <div className={classes["head"]}>
        <Badge variant="dot" color={color} tt="none">
          {word}
        </Badge>
        <Anchor component={Link} to={to} size="sm" className={isIdentifier ? "mono" : ""}>
          {label}
        </Anchor>
      </div>
      <Text size="sm" className="breakable">
        {detail}
      </Text>
    </li>
  );
}
