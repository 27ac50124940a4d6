/** The used members of KaTeX's nodes: an element, a text, a space, or a list without a type. */
export interface TreeNode {
  type?: string;
  text?: string;
  width?: number;
  character?: string | null;
  attributes?: Record<string, string>;
  classes?: string[];
  children?: TreeNode[];
}
